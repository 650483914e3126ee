package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Looking around, joins and first rows over HTTP, on the real server.
class ExploreRoutesTest {
    private static ExploredServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ExploredServer();
        server.run(
                """
                CREATE TABLE ex_orders (id UInt64 COMMENT 'its number', customer LowCardinality(String),
                    shop UInt8, amount Decimal(18, 2), tags Array(String),
                    day Date MATERIALIZED toDate('2026-07-18'), twice UInt64 ALIAS id * 2)
                ENGINE = MergeTree PARTITION BY shop ORDER BY (shop, id) PRIMARY KEY shop
                COMMENT 'what was bought'\
                """);
        server.run(
                """
                INSERT INTO ex_orders VALUES (1, 'x', 1, 1.50, ['a']), (2, 'y', 1, 2.50, []),
                    (18446744073709551615, 'z', 2, 90071992547409.93, ['q''r'])\
                """);
        server.run(
                "CREATE TABLE ex_customers (id String, name String, age UInt8, tags Array(String))"
                        + " ENGINE = MergeTree ORDER BY id");
        server.run("INSERT INTO ex_customers VALUES ('x', 'Xi', 5, ['t']), ('w', 'Wu', 6, [])");
        server.run("CREATE TABLE ex_shops (id UInt8, city String) ENGINE = Memory");
        server.run("INSERT INTO ex_shops VALUES (1, 'Oulu')");
        server.run(
                "CREATE TABLE ex_sums (id UInt64, s SimpleAggregateFunction(sum, UInt64),"
                        + " e Enum8('it''s' = 1, 'b' = 2), n Nullable(FixedString(2)),"
                        + " t DateTime64(3, 'UTC'), u UUID, i IPv4, m Map(String, UInt8))"
                        + " ENGINE = Memory");
        server.run(
                "INSERT INTO ex_sums VALUES (1, 7, 'it''s', 'ab', '2026-07-18 01:02:03.004',"
                        + " '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '10.1.2.3', map('k', 1))");
        server.run("CREATE VIEW ex_view AS SELECT id FROM ex_orders");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> names(JsonNode answer) {
        return answer.path("items").valueStream().map(each -> each.path("name").asText()).toList();
    }

    @Test
    void databasesAreThoseThatAreTheUsersOwn() throws Exception {
        assertThat(names(server.get("/embedded/databases")))
                .contains("millrace")
                .doesNotContain("system", "millrace_staging", "INFORMATION_SCHEMA");
        ContractTest.assertDocumented(
                "DatabaseEntry", server.get("/writer/databases").path("items").get(0));
    }

    @Test
    void tablesComeInPagesWithTheirEngineSizeAndKeys() throws Exception {
        var first = server.get("/embedded/tables?name=EX_&limit=2");
        assertThat(names(first)).containsExactly("ex_customers", "ex_orders");
        assertThat(first.path("next").asText()).isEqualTo("ex_orders");
        var rest = server.get("/embedded/tables?name=ex_&limit=2&cursor=ex_orders");
        assertThat(names(rest)).containsExactly("ex_shops", "ex_sums");
        var last = server.get("/embedded/tables?name=ex_&limit=2&cursor=ex_sums");
        assertThat(names(last)).containsExactly("ex_view");
        assertThat(last.path("next").isNull()).isTrue();
        var orders = first.path("items").get(1);
        ContractTest.assertDocumented("TableEntry", orders);
        assertThat(orders.path("engine").asText()).isEqualTo("MergeTree");
        assertThat(orders.path("rows").asInt()).isEqualTo(3);
        assertThat(orders.path("bytes").asInt()).isPositive();
        assertThat(orders.path("sortingKey").asText()).isEqualTo("shop, id");
        assertThat(orders.path("primaryKey").asText()).isEqualTo("shop");
        assertThat(orders.path("partitionKey").asText()).isEqualTo("shop");
        assertThat(orders.path("comment").asText()).isEqualTo("what was bought");
        var view = last.path("items").get(0);
        assertThat(view.path("view").asBoolean()).isTrue();
        assertThat(view.path("rows").isNull()).isTrue();
        assertThat(server.api.get("/api/v1/connections/embedded/tables?database=milrace").body())
                .contains("DATABASE_MISSING", "Is it 'millrace'?");
        assertThat(names(server.get("/embedded/tables?name=none+such"))).isEmpty();
    }

    @Test
    void columnsHaveTheirTypesKeysAndDefaults() throws Exception {
        var columns = server.get("/embedded/columns?table=ex_orders").path("items");
        assertThat(columns.size()).isEqualTo(7);
        ContractTest.assertDocumented("ColumnEntry", columns.get(0));
        var id = columns.get(0);
        assertThat(id.path("type").asText()).isEqualTo("UInt64");
        assertThat(id.path("comment").asText()).isEqualTo("its number");
        assertThat(id.path("inSortingKey").asBoolean()).isTrue();
        assertThat(id.path("inPrimaryKey").asBoolean()).isFalse();
        assertThat(columns.get(2).path("inPartitionKey").asBoolean()).isTrue();
        assertThat(columns.get(5).path("defaultKind").asText()).isEqualTo("MATERIALIZED");
        assertThat(columns.get(6).path("defaultKind").asText()).isEqualTo("ALIAS");
        assertThat(server.api.get("/api/v1/connections/embedded/columns?table=ex_order").body())
                .contains("NOT_FOUND", "Is it 'ex_orders'?");
    }

    @Test
    void theColumnsOfAQueryAreKnownWithoutRunningIt() throws Exception {
        var columns =
                server.post(
                        "/embedded/columns",
                        "SELECT id AS a, sleepEachRow(3) b, toDecimal32(1, 2) -- c\n"
                                + "FROM ex_orders;");
        assertThat(names(columns)).containsExactly("a", "b", "toDecimal32(1, 2)");
        assertThat(columns.path("items").get(0).path("type").asText()).isEqualTo("UInt64");
        assertThat(server.refusal("/writer/columns", "DROP TABLE ex_orders"))
                .startsWith("QUERY_REFUSED");
        assertThat(server.refusal("/writer/columns", "SELECT 1) FORMAT CSV; DROP TABLE ex_orders"))
                .startsWith("QUERY_REFUSED");
        assertThat(names(server.get("/embedded/tables?name=ex_orders"))).hasSize(1);
    }

    private static final String THREE =
            """
            {"tables": [{"table": "ex_orders", "alias": "o"},
                        {"database": "millrace", "table": "ex_customers", "alias": "c"},
                        {"table": "ex_shops"}],
             "columns": [{"table": "o", "column": "id"}, {"table": "c", "column": "id"},
                         {"table": "c", "column": "name", "as": "who"}, {"column": "city"},
                         {"table": "c", "column": "tags"}],
             "joins": [{"kind": "LEFT", "conditions": [
                          {"left": {"table": "o", "column": "customer"},
                           "right": {"table": "c", "column": "id"}},
                          {"left": {"column": "amount"}, "operator": "<",
                           "right": {"column": "age"}}]},
                       {"kind": "LEFT", "conditions": [
                          {"left": {"table": "ex_shops", "column": "id"},
                           "right": {"column": "shop"}}]}],
             "filters": [{"column": "amount", "operator": ">=", "value": 1.5}],
             "orderBy": [{"table": "o", "column": "id", "descending": true}],
             "limit": 10}\
            """;

    @Test
    void threeTablesAreJoinedAndAMissingRowGivesNull() throws Exception {
        var join = server.post("/embedded/join", THREE);
        ContractTest.assertDocumented("Join", join);
        assertThat(join.path("columns").toString())
                .contains(
                        "{\"name\":\"o_id\",\"type\":\"UInt64\",\"table\":\"o\",\"column\":\"id\"}",
                        "{\"name\":\"who\",\"type\":\"Nullable(String)\"");
        for (var connection : List.of("/embedded", "/writer")) {
            var preview = server.post(connection + "/preview", "{\"join\": %s}".formatted(THREE));
            ContractTest.assertDocumented("QueryPreview", preview);
            assertThat(preview.path("sql").asText()).isEqualTo(join.path("sql").asText());
            assertThat(preview.path("rows").toString())
                    .isEqualTo(
                            "[[\"18446744073709551615\",null,null,null,[]],"
                                    + "[\"2\",null,null,\"Oulu\",[]],"
                                    + "[\"1\",\"x\",\"Xi\",\"Oulu\",[\"t\"]]]");
        }
        var sql = join.path("sql").asText();
        var answer = server.api.send("POST", "/api/v1/sql?connection=writer&format=CSV", sql);
        assertThat(answer.body()).contains("1,\"x\",\"Xi\",\"Oulu\"");
    }

    /// ClickHouse itself calls it `o.id` where two others join, because `c` has an `id` too.
    @Test
    void aChosenColumnKeepsItsNameWhereOthersHaveItToo() throws Exception {
        var join =
                THREE.replaceFirst(
                        "(?s)\"columns\": .*?\\],\\s+\"joins\"",
                        "\"columns\": [{\"table\": \"o\", \"column\": \"id\"}], \"joins\"");
        var sql = server.post("/embedded/join", join).path("sql").asText();
        var answer =
                server.api.send("POST", "/api/v1/sql?connection=writer&format=CSVWithNames", sql);
        assertThat(answer.body()).startsWith("\"id\"\n").hasLineCount(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INNER | [[\"Xi\",\"1\"]]",
                "LEFT | [[null,\"18446744073709551615\"],[null,\"2\"],[\"Xi\",\"1\"]]",
                "RIGHT | [[\"Wu\",null],[\"Xi\",\"1\"]]",
                "full | [[\"Wu\",null],[\"Xi\",\"1\"],[null,\"18446744073709551615\"],"
                        + "[null,\"2\"]]"
            })
    void eachKindOfJoinKeepsItsRows(String kind, String rows) throws Exception {
        var wish =
                """
                {"join": {"tables": [{"table": "ex_orders"}, {"table": "ex_customers"}],
                  "columns": [{"column": "name"}, {"table": "ex_orders", "column": "id"}],
                  "joins": [{"kind": "%s", "conditions": [{"left": {"column": "customer"},
                     "operator": "=", "right": {"table": "ex_customers", "column": "id"}}]}]}}\
                """
                        .formatted(kind);
        var found = server.post("/embedded/preview", wish).path("rows");
        var sorted = found.valueStream().map(JsonNode::toString).sorted().toList();
        var wanted =
                new JsonMapper()
                        .readTree(rows)
                        .valueStream()
                        .map(JsonNode::toString)
                        .sorted()
                        .toList();
        assertThat(sorted).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ex_customers\", | \"ex_custmers\", | tables[1].table: there is no table"
                        + " 'ex_custmers' in 'millrace' Is it 'ex_customers'?",
                "\"database\": \"millrace\" | \"database\": \"milrace\" | tables[1].database: there"
                        + " is no database 'milrace' Is it 'millrace'?",
                "\"alias\": \"c\" | \"alias\": \"o\" | tables[1]: two tables are called 'o'",
                "\"column\": \"city\" | \"column\": \"citi\" | columns[3].column: no table here has"
                        + " a column 'citi' Is it 'city'?",
                "\"right\": {\"table\": \"c\", \"column\": \"id\"} | \"right\": {\"table\": \"c\","
                        + " \"column\": \"idd\"} | joins[0].conditions[0].right.column: there is no"
                        + " column 'idd' in 'c' (millrace.ex_customers) Is it 'id'?",
                "\"right\": {\"column\": \"shop\"} | \"right\": {\"column\": \"tags\"} |"
                        + " joins[1].conditions[0].right.table: 'tags' is a column of 2 tables Say"
                        + " which: 'o' or 'c'.",
                "\"right\": {\"column\": \"age\"} | \"right\": {\"column\": \"city\"} |"
                        + " joins[0].conditions[1].right.table: 'ex_shops' is joined only later",
                "\"right\": {\"column\": \"age\"} | \"right\": {\"column\": \"shop\"} |"
                        + " joins[0].conditions[1].right.table: neither column is of 'c'",
                "\"operator\": \"<\" | \"operator\": \"~\" | joins[0].conditions[1].operator: there"
                        + " is no operator '~'",
                "\"kind\": \"LEFT\" | \"kind\": \"OUTER\" | joins[0].kind: there is no join"
                        + " 'OUTER'",
                "\"value\": 1.5 | \"value\": 1.505 | filters[0].value: '1.505' is no Decimal(18,"
                        + " 2): the server would take it for '1.5'",
                "\"value\": 1.5 | \"value\": \"much\" | filters[0].value: 'much' is no Decimal(18,"
                        + " 2)",
                "\"value\": 1.5 | \"values\": [1, 2] | filters[0].values: '>=' takes one value, and"
                        + " there are 2",
                "\"value\": 1.5 | \"vale\": 2 | filters[0] has the unknown key 'vale'",
                "\"column\": \"city\" | \"column\": \"city\", \"as\": \"who\" | columns[3].as: two"
                        + " columns are called 'who'",
                "\"limit\": 10 | \"limit\": 0 | limit: it is 0"
            })
    void whatIsWrongWithAJoinIsSaidWithItsPlace(String from, String to, String words)
            throws Exception {
        assertThat(THREE).contains(from);
        assertThat(server.refusal("/embedded/join", THREE.replaceFirst(quoted(from), quotedTo(to))))
                .startsWith("INVALID_JOIN: " + words);
    }

    private static String quoted(String text) {
        return java.util.regex.Pattern.quote(text);
    }

    private static String quotedTo(String text) {
        return java.util.regex.Matcher.quoteReplacement(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "day, =, \"2026-07-18\" | 3",
                "day, =, \"2026-07-18T00:00:00\" | 3",
                "day, <, \"2026-07-18\" | 0",
                "customer, IN, [\"x\", \"y'--\"] | 1",
                "customer, not in, [\"x\"] | 2",
                "id, =, 18446744073709551615 | 1",
                "id, BETWEEN, [1, 2] | 2",
                "amount, <>, \"2.50\" | 2",
                "amount, =, 90071992547409.93 | 1",
                "customer, LIKE, \"_\" | 3",
                "customer, IS NOT NULL, [] | 3",
                "twice, =, 4 | 1",
                "tags, =, \"['q\\\\'r']\" | 1"
            })
    void valuesAreReadAsTheirColumnsType(String filter, long rows) throws Exception {
        var parts = filter.split(", ", 3);
        var value = parts[2].startsWith("[") ? "values" : "value";
        var preview =
                server.post(
                        "/embedded/preview",
                        """
                        {"join": {"tables": [{"table": "ex_orders"}], "columns": [{"column": "id"}],
                          "filters": [{"column": "%s", "operator": "%s", "%s": %s}]}}\
                        """
                                .formatted(parts[0], parts[1], value, parts[2]));
        assertThat(preview.path("rows").size()).isEqualTo(rows);
    }

    @Test
    void aMissingRowIsNullInEveryTypeThatHasNull() throws Exception {
        var preview =
                server.post(
                        "/embedded/preview",
                        """
                        {"join": {"tables": [{"table": "ex_orders"}, {"table": "ex_sums"}],
                          "columns": [{"column": "s"}, {"column": "e"}, {"column": "n"},
                            {"column": "t"}, {"column": "u"}, {"column": "i"}, {"column": "m"}],
                          "joins": [{"kind": "LEFT", "conditions": [
                            {"left": {"table": "ex_orders", "column": "id"},
                             "right": {"table": "ex_sums", "column": "id"}}]}],
                          "orderBy": [{"table": "ex_orders", "column": "id"}], "limit": 2}}\
                        """);
        assertThat(preview.path("rows").toString())
                .isEqualTo(
                        "[[\"7\",\"it's\",\"ab\",\"2026-07-18 01:02:03.004\","
                                + "\"61f0c404-5cb3-11e7-907b-a6006ad3dba0\",\"10.1.2.3\","
                                + "[[\"k\",1]]],[null,null,null,null,null,null,[]]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s | 7 | true",
                "e | it's | true",
                "e | c | false",
                "n | ab | true",
                "n | abc | false",
                "t | 2026-07-18 01:02:03.004 | true",
                "t | 2026-07-18 01:02:03.0040 | true",
                "t | 2026-07-18 01:02:03.0041 | false",
                "t | 2026-13-18 | false",
                "u | 61F0C404-5CB3-11E7-907B-A6006AD3DBA0 | true",
                "u | 61f0 | false",
                "i | 10.1.2.3 | true",
                "i | 10.1.2 | false",
                "id | -1 | false",
                "id | 1.0 | false",
                "id | 18446744073709551616 | false"
            })
    void aValueThatIsNoneOfItsColumnsTypeIsRefused(String column, String value, boolean good)
            throws Exception {
        var filter = Json.object().put("column", column).put("value", value);
        var wish =
                "{\"join\": {\"tables\": [{\"table\": \"ex_sums\"}], \"filters\": [%s]}}"
                        .formatted(filter);
        if (good) {
            assertThat(server.post("/embedded/preview", wish).path("rows").size()).isEqualTo(1);
        } else {
            assertThat(server.refusal("/embedded/preview", wish))
                    .startsWith("INVALID_JOIN: join.filters[0].value: '" + value + "' is no ");
        }
    }

    @Test
    void aTableIsPreviewedByItsColumns() throws Exception {
        var all = server.post("/embedded/preview", "{\"table\": {\"table\": \"ex_orders\"}}");
        assertThat(all.path("columns").size()).isEqualTo(5);
        assertThat(all.path("more").asBoolean()).isFalse();
        assertThat(all.path("incomplete").isNull()).isTrue();
        assertThat(all.path("bounded").asBoolean()).isTrue();
        var two =
                server.post(
                        "/embedded/preview",
                        """
                        {"limit": 2, "table": {"database": "millrace", "table": "ex_orders",
                          "columns": ["twice", "tags"]}}\
                        """);
        assertThat(two.path("rows").size()).isEqualTo(2);
        assertThat(two.path("more").asBoolean()).isTrue();
        assertThat(
                        server.refusal(
                                "/embedded/preview",
                                "{\"table\": {\"table\": \"ex_orders\", \"columns\": [\"ids\"]}}"))
                .startsWith("INVALID_JOIN: table.columns[0].column: no table here has a column");
    }

    @Test
    void everyValueIsExact() throws Exception {
        var query =
                """
                SELECT toInt64(-9223372036854775808) a, toUInt256('1') b, toInt32(-5) c,
                  toDecimal128('12345678901234567890.12', 2) d, 0.1 e, toFloat32(0.1) f, nan g,
                  -inf h, NULL i, true j, 'a\\tb\\n"c' k, [toInt64(1)] l, map(1, 'x') m,
                  tuple(1, 'y') n, toDateTime64('2026-07-18 01:02:03.004', 3, 'UTC') o, '' p,
                  1e300 q\
                """;
        var preview = server.post("/embedded/preview", body(query));
        assertThat(preview.path("rows").get(0).toString())
                .isEqualTo(
                        "[\"-9223372036854775808\",\"1\",-5,\"12345678901234567890.12\",0.1,0.1,"
                                + "\"nan\",\"-inf\",null,true,\"a\\tb\\n\\\"c\",[\"1\"],"
                                + "[[1,\"x\"]],[1,\"y\"],\"2026-07-18 01:02:03.004\",\"\",1.0E300]");
    }

    private static String body(String query) {
        return Json.object().put("query", query).toString();
    }

    @Test
    void aPreviewOfBillionsStopsAtOnceAndSaysSo() throws Exception {
        var begun = System.nanoTime();
        var first = server.post("/writer/preview", body("SELECT number FROM numbers(10000000000)"));
        assertThat(first.path("rows").size()).isEqualTo(100);
        assertThat(first.path("more").asBoolean()).isTrue();
        assertThat(first.path("incomplete").isNull()).isTrue();
        var sorted =
                server.post(
                        "/embedded/preview",
                        body(
                                "SELECT number FROM numbers(10000000000) ORDER BY cityHash64(number)"));
        assertThat(sorted.path("rows").size()).isEqualTo(100);
        assertThat(sorted.path("incomplete").path("why").asText()).isEqualTo("READ_LIMIT");
        var slow =
                server.post(
                        "/embedded/preview",
                        body(
                                "SELECT count() FROM numbers(1000000) a, numbers(1000000) b"
                                        + " WHERE cityHash64(a.number, b.number) = 0"));
        assertThat(slow.path("incomplete").path("why").asText()).isEqualTo("TIME_LIMIT");
        assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE ex_orders",
                "INSERT INTO ex_shops VALUES (9, 'x')",
                "SELECT 1; DROP TABLE ex_orders",
                "SELECT 1 FORMAT CSV",
                "SELECT 1 INTO OUTFILE '/tmp/x'",
                "SET readonly = 0",
                "ALTER TABLE ex_orders DELETE WHERE 1",
                "KILL QUERY WHERE 1 SYNC"
            })
    void whatIsNoQueryIsRefusedByTheServer(String sql) throws Exception {
        assertThat(server.refusal("/writer/preview", body(sql)))
                .matches("(?s)(QUERY_REFUSED|RIGHT_MISSING): .*");
        assertThat(server.run("SELECT count() FROM ex_orders")).isEqualTo("3\n");
    }

    @Test
    void whatIsAskedForIsOneOfThree() throws Exception {
        assertThat(server.refusal("/embedded/preview", "{}")).startsWith("INVALID_REQUEST");
        assertThat(
                        server.refusal(
                                "/embedded/preview", "{\"query\": \"SELECT 1\", \"limit\": 1001}"))
                .contains("'limit' is 1001: 1 to 1000");
        assertThat(server.refusal("/nowhere/preview", "{\"query\": \"SELECT 1\"}"))
                .startsWith("NOT_FOUND");
    }
}

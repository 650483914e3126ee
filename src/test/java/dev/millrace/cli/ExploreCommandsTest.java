package dev.millrace.cli;

import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `databases`, `tables`, `columns`, `join`, `preview` and `sql` of a connection: a command line
/// in, what it asks and prints out.
class ExploreCommandsTest {
    private static final String EMBEDDED = "/api/v1/connections/embedded";
    private static final String WAREHOUSE = "/api/v1/connections/warehouse";

    @TempDir Path folder;

    private CommandRun cli;

    @BeforeEach
    void start() {
        cli = new CommandRun(folder);
    }

    @AfterEach
    void close() {
        cli.close();
    }

    @Test
    void databasesAndTablesComeAsTablesOrAsJson() {
        cli.server.on(
                "GET " + WAREHOUSE + "/databases",
                "{\"items\": [{\"name\": \"sales\", \"engine\": \"Atomic\", \"comment\": \"\"}]}");
        var databases = cli.run("databases", "--connection", "warehouse");
        assertThat(databases.out()).isEqualTo("DATABASE  ENGINE  COMMENT\nsales     Atomic\n");
        cli.server.on(
                "GET " + EMBEDDED + "/tables?limit=1000&database=sa%26les&name=or",
                """
                {"items": [{"name": "orders", "engine": "MergeTree", "rows": 3, "bytes": 400,
                  "sortingKey": "id", "comment": ""},
                 {"name": "v", "engine": "View", "rows": null, "bytes": null, "sortingKey": "",
                  "comment": "all"}], "next": null}\
                """);
        var tables = cli.run("tables", "--database", "sa&les", "--name", "or");
        assertThat(tables.out())
                .isEqualTo(
                        """
                        TABLE   ENGINE     ROWS  BYTES  SORTED BY  COMMENT
                        orders  MergeTree  3     400    id
                        v       View                               all
                        """);
        var asJson = cli.run("tables", "--database", "sa&les", "--name", "or", "--json");
        assertThat(json(asJson.out()).path("items").size()).isEqualTo(2);
    }

    @Test
    void columnsAreThoseOfATableOrOfAQuery() {
        cli.server.on(
                "GET " + EMBEDDED + "/columns?table=my%20table&database=sales",
                """
                {"items": [{"name": "id", "type": "UInt64", "inPrimaryKey": true,
                  "inSortingKey": true, "inPartitionKey": true, "defaultKind": "DEFAULT",
                  "defaultExpression": "1", "comment": "c"}]}\
                """);
        assertThat(cli.run("columns", "sales.`my table`").out())
                .isEqualTo(
                        """
                        COLUMN  TYPE    KEYS               DEFAULT    COMMENT
                        id      UInt64  primary partition  DEFAULT 1  c
                        """);
        cli.server.on(
                "POST " + EMBEDDED + "/columns",
                "{\"items\": [{\"name\": \"1\", \"type\": \"UInt8\"}]}");
        assertThat(cli.run("columns", "--query", "SELECT 1").out())
                .isEqualTo("COLUMN  TYPE\n1       UInt8\n");
        assertThat(cli.run("columns").code()).isEqualTo(2);
        assertThat(cli.run("columns", "t", "--query", "SELECT 1").code()).isEqualTo(2);
    }

    @Test
    void aJoinIsSaidInWords() {
        cli.server.on("POST " + EMBEDDED + "/join", "{\"sql\": \"SELECT 1\", \"columns\": []}");
        var ran =
                cli.run(
                        "join",
                        "--table",
                        "orders=o",
                        "--table",
                        "shop.`custo\\`mers`=`c 1`",
                        "--join",
                        "left o.customer = `c 1`.id AND o.day>=`c 1`.since",
                        "--columns",
                        "o.id, `c 1`.name as customer,total",
                        "--where",
                        "o.amount > 10",
                        "--where",
                        "name in ('O\\'Brien, \\\\x', b)",
                        "--where",
                        "o.day between 2026-07-01 and '2026-07-18 10:00:00'",
                        "--where",
                        "o.gone is not null",
                        "--where",
                        "o.name not like 'A%'",
                        "--order-by",
                        "o.id desc, name",
                        "--limit",
                        "10");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).isEqualTo("SELECT 1\n");
        assertThat(json(cli.server.asked().getFirst().text()))
                .isEqualTo(
                        json(
                                """
                                {"tables": [{"table": "orders", "alias": "o"},
                                   {"database": "shop", "table": "custo`mers", "alias": "c 1"}],
                                 "columns": [{"table": "o", "column": "id"},
                                   {"table": "c 1", "column": "name", "as": "customer"},
                                   {"column": "total"}],
                                 "joins": [{"kind": "LEFT", "conditions": [
                                   {"left": {"table": "o", "column": "customer"}, "operator": "=",
                                    "right": {"table": "c 1", "column": "id"}},
                                   {"left": {"table": "o", "column": "day"}, "operator": ">=",
                                    "right": {"table": "c 1", "column": "since"}}]}],
                                 "filters": [
                                   {"table": "o", "column": "amount", "operator": ">", "value": "10"},
                                   {"column": "name", "operator": "IN",
                                    "values": ["O'Brien, \\\\x", "b"]},
                                   {"table": "o", "column": "day", "operator": "BETWEEN",
                                    "values": ["2026-07-01", "2026-07-18 10:00:00"]},
                                   {"table": "o", "column": "gone", "operator": "IS NOT NULL"},
                                   {"table": "o", "column": "name", "operator": "NOT LIKE",
                                    "value": "A%"}],
                                 "orderBy": [{"table": "o", "column": "id", "descending": true},
                                   {"column": "name"}],
                                 "limit": 10}\
                                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--join | left o.a | an operator is missing, such as '=' at character 9",
                "--join | o.a = o.b or x = y | it goes on with 'or x = y' at character 11",
                "--where | a in (1, 2 | ')' is missing at character 11",
                "--where | a = `b` | a value is missing; an empty text is '' at character 5",
                "--where | a = 'b | the closing ' is missing",
                "--columns | a, , b | a name is missing at character 4",
                "--table | a.b.c | it goes on with '.c' at character 4"
            })
    void whatIsNoSuchPartIsSaidWithItsPlace(String flag, String text, String words) {
        var ran = cli.run("join", "--table", "o", flag, text);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains(flag + " '" + text + "': " + words);
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void aPreviewShowsRowsAndWhatWasNotLookedAt() {
        cli.server.on(
                "POST " + WAREHOUSE + "/preview",
                """
                {"sql": "SELECT", "columns": [{"name": "id", "type": "UInt64"},
                   {"name": "tags", "type": "Array(String)"}],
                 "rows": [["18446744073709551615", ["a"]], [null, []]], "more": true,
                 "incomplete": {"why": "READ_LIMIT", "message": "It stopped."}, "bounded": true}\
                """);
        var ran =
                cli.run(
                        "preview",
                        "--connection",
                        "warehouse",
                        "--table",
                        "sales.orders",
                        "--columns",
                        "id, tags",
                        "--limit",
                        "2");
        assertThat(ran.out())
                .isEqualTo(
                        """
                        id                    tags
                        UInt64                Array(String)
                        18446744073709551615  ["a"]
                        NULL                  []
                        The first 2 rows; there are more.
                        Incomplete: It stopped.
                        """);
        assertThat(json(cli.server.asked().getFirst().text()))
                .isEqualTo(
                        json(
                                """
                                {"limit": 2, "table": {"database": "sales", "table": "orders",
                                  "columns": ["id", "tags"]}}\
                                """));
        cli.run("preview", "--connection", "warehouse", "--query", "SELECT 1");
        assertThat(json(cli.server.asked().getLast().text()).path("query").asText())
                .isEqualTo("SELECT 1");
        var join = cli.file("join.json", "{\"tables\": [{\"table\": \"o\"}]}");
        var joined = cli.run("join", "--file", join, "--connection", "warehouse", "--preview");
        assertThat(joined.out()).contains("there are more");
        assertThat(json(cli.server.asked().getLast().text()).path("join").path("tables").size())
                .isEqualTo(1);
        assertThat(cli.run("preview").code()).isEqualTo(2);
        assertThat(cli.run("preview", "a.csv", "--query", "SELECT 1").code()).isEqualTo(2);
    }

    @Test
    void sqlGoesThroughAConnection() {
        cli.server.on(
                "POST /api/v1/sql?format=CSV&connection=my%20house", 200, "text/plain", "1\n");
        var ran = cli.run("sql", "SELECT 1", "--format", "CSV", "--connection", "my house");
        assertThat(ran.out()).isEqualTo("1\n");
    }
}

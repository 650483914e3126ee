package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRoutesTest {
    private RunningApi api;

    @BeforeEach
    void start() {
        api = new RunningApi().start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> create(String name, String schema) throws Exception {
        return api.sendJson(
                "POST",
                "/api/v1/models",
                "{\"name\":\"%s\",\"schema\":%s}".formatted(name, schema));
    }

    private JsonNode schemaOf(String schema) throws Exception {
        var created = create("m" + api.catalog.models.size(), schema);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return RunningApi.json(created).get("schema");
    }

    @Test
    void theShortFormKeepsTheOrderOfItsColumnsAndFindsTheEventId() throws Exception {
        var created =
                create("purchases", "{\"ts\":\"UInt32\",\"event_id\":\"String\",\"a\":\"Bool\"}");
        assertThat(created.statusCode()).isEqualTo(201);
        var model = RunningApi.json(created);
        ContractTest.assertDocumented("Model", model);
        assertThat(created.headers().firstValue("Location"))
                .hasValue("/api/v1/models/" + model.get("id").asText());
        assertThat(model.at("/schema/columns").findValuesAsText("name"))
                .containsExactly("ts", "event_id", "a");
        assertThat(model.at("/schema/eventId").asText()).isEqualTo("event_id");
        assertThat(model.at("/schema/orderBy").toString()).isEqualTo("[\"event_id\"]");
        assertThat(model.get("owner").asText()).isEqualTo("ada");
        assertThat(model.get("table").asText()).isEqualTo("data_" + model.get("id").asText());
    }

    @Test
    void theFullFormSaysHowTheTableIsLaidOutAndCanBeSentBack() throws Exception {
        var schema =
                schemaOf(
                        """
                        {"columns": [{"name": "id", "type": "String"}, {"name": "ts", "type": "DateTime"}],
                         "table": "t1", "eventId": "id", "orderBy": ["ts", "id"],
                         "partitionBy": "toYYYYMM(ts)"}\
                        """);
        assertThat(schema.toString())
                .isEqualTo(
                        "{\"columns\":[{\"name\":\"id\",\"type\":\"String\"},{\"name\":\"ts\",\"type\":\"DateTime\"}],"
                                + "\"table\":\"t1\",\"existingTable\":false,\"eventId\":\"id\",\"key\":[],"
                                + "\"keep\":\"all\",\"orderBy\":[\"ts\",\"id\"],"
                                + "\"partitionBy\":\"toYYYYMM(ts)\",\"unknownColumns\":\"ignore\"}");
        assertThat(schemaOf(schema.toString())).isEqualTo(schema);
    }

    @Test
    void theColumnsOfTheFullFormMayBeAnObject() throws Exception {
        var schema =
                schemaOf(
                        "{\"columns\":{\"z\":\"Int8\",\"a\":\"Nullable(Date)\"},\"eventId\":\"z\"}");
        assertThat(schema.get("columns").findValuesAsText("name")).containsExactly("z", "a");
        assertThat(schema.get("orderBy").toString()).isEqualTo("[\"z\"]");
    }

    @Test
    void aColumnMayBeCalledColumns() throws Exception {
        var schema = schemaOf("{\"columns\":\"String\",\"b\":\"Int8\"}");
        assertThat(schema.get("columns").findValuesAsText("name")).containsExactly("columns", "b");
    }

    @Test
    void aNullableEventIdDoesNotOrderTheTable() throws Exception {
        assertThat(schemaOf("{\"event_id\":\"Nullable(String)\"}").get("orderBy")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                     | 422 | INVALID_MODEL   | is not a JSON object but an array",
                "{}                                     | 422 | INVALID_MODEL   | 1 to 10,000 columns",
                "{\"a\":5}                              | 422 | INVALID_MODEL   | Column 'a': its type is not a text such as \"String\" but 5",
                "{\"a\":\"Strin\"}                      | 422 | INVALID_MODEL   | Column 'a': 'Strin' is not a column type",
                "{\"a\":\"Int8\",\"a\":\"Int8\"}        | 400 | INVALID_REQUEST | Duplicate",
                "{\"columns\":{\"a\":\"Int8\"},\"orderby\":[]} | 422 | INVALID_MODEL | unknown key 'orderby'",
                "{\"columns\":[{\"name\":\"a\"}]}       | 422 | INVALID_MODEL   | Column 'a' has no 'type'",
                "{\"columns\":[{\"name\":\"a\",\"type\":\"Int8\",\"x\":1}]} | 422 | INVALID_MODEL | Column 'a' has the unknown key 'x'",
                "{\"columns\":[{\"name\":\"a\",\"type\":\"Int8\"},{\"name\":\"a\",\"type\":\"Int8\"}]} | 422 | INVALID_MODEL | Column 'a' is there twice",
                "{\"columns\":7}                        | 422 | INVALID_MODEL   | neither an object nor an array but 7",
                "{\"columns\":{\"a\":\"Int8\"},\"orderBy\":\"a\"} | 422 | INVALID_MODEL | 'orderBy' is not an array",
                "{\"columns\":{\"a\":\"Int8\"},\"orderBy\":[1]}   | 422 | INVALID_MODEL | 'orderBy' is not a text but 1",
                "{\"columns\":{\"a\":\"Int8\"},\"eventId\":\"b\"} | 422 | INVALID_MODEL | The event id column 'b'",
                "{\"columns\":{\"a\":\"Int8\"},\"partitionBy\":\"rand(a)\"} | 422 | INVALID_MODEL | partition key 'rand(a)'",
            })
    void aSchemaThatIsWrongIsRefusedWithItsReason(
            String schema, int status, String code, String detail) throws Exception {
        var refused = create("wrong", schema);
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo(code);
        assertThat(RunningApi.json(refused).get("detail").asText()).contains(detail);
        assertThat(api.catalog.models).isEmpty();
    }

    @Test
    void aColumnMaySayMoreThanItsTypeAndComesBackWithWhatItSays() throws Exception {
        var columns =
                schemaOf(
                                """
                                {"columns": {
                                   "id": {"type": "String", "sourceNames": ["ID", "row id"]},
                                   "amount": {"type": "Float64", "nullable": true, "default": -0,
                                     "nullMarkers": [], "allowNonFinite": true,
                                     "constraints": {"min": -1e3, "max": 1.50, "allowed": [1, "2"]}},
                                   "day": "Date",
                                   "at": {"type": "LowCardinality(String)", "nullable": true,
                                     "clockChange": "laterOffset",
                                     "constraints": {"pattern": "a+", "minLength": 1, "maxLength": 9}},
                                   "days": "Array(Array(Date32))"},
                                 "nullMarkers": ["N/A"], "dateFormats": ["dd.MM.yyyy"]}\
                                """)
                        .get("columns");
        assertThat(columns.get(0).toString())
                .isEqualTo(
                        "{\"name\":\"id\",\"type\":\"String\",\"sourceNames\":[\"ID\",\"row id\"],"
                                + "\"nullMarkers\":[\"N/A\"]}");
        assertThat(columns.get(1).toString())
                .isEqualTo(
                        "{\"name\":\"amount\",\"type\":\"Nullable(Float64)\",\"default\":\"-0\","
                                + "\"allowNonFinite\":true,\"constraints\":{\"min\":\"-1e3\","
                                + "\"max\":\"1.50\",\"allowed\":[\"1\",\"2\"]}}");
        assertThat(columns.get(2).toString())
                .isEqualTo(
                        "{\"name\":\"day\",\"type\":\"Date\",\"nullMarkers\":[\"N/A\"],"
                                + "\"dateFormats\":[\"dd.MM.yyyy\"]}");
        assertThat(columns.get(3).toString())
                .isEqualTo(
                        "{\"name\":\"at\",\"type\":\"LowCardinality(Nullable(String))\","
                                + "\"nullMarkers\":[\"N/A\"],\"clockChange\":\"laterOffset\","
                                + "\"constraints\":{\"pattern\":\"a+\",\"minLength\":1,\"maxLength\":9}}");
        assertThat(columns.get(4).get("dateFormats").toString()).isEqualTo("[\"dd.MM.yyyy\"]");
    }

    @Test
    void theKeyOrdersTheTableWhenNothingElseIsSaid() throws Exception {
        var schema =
                schemaOf("{\"columns\":{\"a\":\"Int8\",\"event_id\":\"Int8\"},\"key\":[\"a\"]}");
        assertThat(schema.get("orderBy").toString()).isEqualTo("[\"a\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                          | has no 'type'",
                "[]                                          | its type is not a text such as \"String\", nor an object with a type, but an array",
                "\"Int9\"                                  | 'Int9' is not a column type",
                "{\"type\":\"Array(\"}                   | is not a column type: at character 7",
                "{\"type\":7}                              | 'type' is not a text but 7",
                "{\"type\":\"Int8\",\"typ\":1}         | has the unknown key 'typ'",
                "{\"type\":\"Int8\",\"nullable\":1}    | 'nullable' is neither true nor false but 1",
                "{\"type\":\"Nullable(Int8)\",\"nullable\":false} | is Nullable, and it says that it is not",
                "{\"type\":\"Array(Int8)\",\"nullable\":true}     | an array cannot be Nullable",
                "{\"type\":\"Int8\",\"default\":[1]}   | 'default' is neither a text, a number, true nor false but an array",
                "{\"type\":\"Int8\",\"default\":300}   | The default of column 'x' is no Int8",
                "{\"type\":\"Int8\",\"default\":\"a\\u0000\"} | U+0000",
                "{\"type\":\"Int8\",\"nullMarkers\":\"N/A\"}    | 'nullMarkers' is not an array but \"N/A\"",
                "{\"type\":\"Int8\",\"nullMarkers\":[null]}       | 'nullMarkers' is not a text but null",
                "{\"type\":\"Int8\",\"clockChange\":\"later\"}  | 'later' is no clockChange",
                "{\"type\":\"Int8\",\"constraints\":[]}           | 'constraints' is not a JSON object but an array",
                "{\"type\":\"Int8\",\"constraints\":{\"minimum\":1}} | 'constraints' has the unknown key 'minimum'",
                "{\"type\":\"Int8\",\"constraints\":{\"minLength\":1}} | a length is for texts and arrays",
                "{\"type\":\"String\",\"constraints\":{\"minLength\":-1}} | 'minLength' is not a whole number but -1",
                "{\"type\":\"Int8\",\"constraints\":{\"min\":1.5}} | the min '1.5' is no Int8",
                "{\"type\":\"String\",\"constraints\":{\"pattern\":\"(\"}} | '(' is no pattern",
                "{\"type\":\"String\",\"sourceNames\":[\"y\"]} | its source name 'y' means the column 'y' already",
            })
    void whatIsWrongWithAColumnIsSaidWithItsName(String column, String detail) throws Exception {
        var schema =
                "{\"columns\":{\"x\":%s,\"y\":{\"type\":\"Int8\",\"sourceNames\":[\"z\"]}}}"
                        .formatted(column);
        var refused = create("wrong", schema);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("INVALID_MODEL");
        assertThat(RunningApi.json(refused).get("detail").asText())
                .containsIgnoringCase("column 'x'")
                .contains(detail);
        assertThat(api.catalog.models).isEmpty();
    }

    @Test
    void twoColumnsMayNotHaveTheSameSourceName() throws Exception {
        var refused =
                create(
                        "wrong",
                        "{\"columns\":{\"x\":{\"type\":\"Int8\",\"sourceNames\":[\"z\"]},"
                                + "\"y\":{\"type\":\"Int8\",\"sourceNames\":[\"z\"]}}}");
        assertThat(RunningApi.json(refused).get("detail").asText())
                .isEqualTo("Column 'y': its source name 'z' means the column 'x' already");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheKnownOnes() throws Exception {
        var refused = RunningApi.json(create("wrong", "{\"columns\":{\"x\":{\"typ\":\"Int8\"}}}"));
        assertThat(refused.get("remedy").asText())
                .isEqualTo(
                        "Known: type, nullable, sourceNames, nullMarkers, default, dateFormats,"
                                + " allowNonFinite, clockChange, outerBlanks, nested,"
                                + " decimalSeparator, groupSeparator, constraints.");
    }

    @Test
    void aModelIsFoundChangedAndRemovedByNameAndById() throws Exception {
        var id = RunningApi.json(create("purchases", "{\"a\":\"Int8\"}")).get("id").asText();
        var update = "{\"schema\":{\"a\":\"Int8\",\"b\":\"Nullable(Int8)\"}}";
        var updated = api.sendJson("PUT", "/api/v1/models/purchases", update);
        assertThat(updated.headers().firstValue("ETag")).hasValue("\"2\"");
        var model = (ObjectNode) RunningApi.json(updated);
        assertThat(model.get("version").asInt()).isEqualTo(2);
        assertThat(model.remove("changes").toString())
                .isEqualTo(
                        "[\"added column 'b' Nullable(Int8), to table 'data_%s' too\"]"
                                .formatted(id));
        ContractTest.assertDocumented("Model", model);
        var described = (ObjectNode) RunningApi.json(api.get("/api/v1/models/" + id));
        assertThat(described.remove("versions").findValuesAsText("version"))
                .containsExactly("2", "1");
        assertThat(described).isEqualTo(model);
        var first = RunningApi.json(api.get("/api/v1/models/purchases?version=1"));
        assertThat(first.at("/schema/columns")).hasSize(1);
        assertThat(api.get("/api/v1/models/purchases?version=3").statusCode()).isEqualTo(404);
        assertThat(RunningApi.json(api.send("DELETE", "/api/v1/models/" + id, "")))
                .isEqualTo(model);
        assertThat(api.get("/api/v1/models/purchases").statusCode()).isEqualTo(404);
    }

    @Test
    void anUpdateSaysWhatIsInANewColumnThatTheTableHasAlready() throws Exception {
        var id = RunningApi.json(create("purchases", "{\"a\":\"Int8\"}")).get("id").asText();
        api.tableColumns.put("b", "CAST('7', 'Int8')");
        var update =
                "{\"schema\":{\"columns\":{\"a\":\"Int8\",\"b\":{\"type\":\"Int8\",\"default\":8}}}}";
        var updated = api.sendJson("PUT", "/api/v1/models/purchases", update);
        assertThat(RunningApi.json(updated).at("/changes/0").asText())
                .isEqualTo(
                        "added column 'b' Int8; table 'data_%s' has it already, and CAST('7', 'Int8')"
                                        .formatted(id)
                                + " where a row brought no value");
    }

    @Test
    void anUpdateMaySayWhichVersionItChanges() throws Exception {
        create("purchases", "{\"a\":\"Int8\"}");
        var change = "{\"schema\":{\"a\":\"Int8\",\"b\":\"Nullable(Int8)\"}}";
        assertThat(update(change, "\"1\"").statusCode()).isEqualTo(200);
        var late = update(change, "\"1\"");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(RunningApi.json(late).get("code").asText()).isEqualTo("MODEL_CHANGED");
        assertThat(update(change, "W/\"1\"").statusCode()).isEqualTo(400);
        var same = RunningApi.json(update(change, "*"));
        assertThat(same.get("version").asInt()).isEqualTo(2);
        assertThat(same.get("changes")).isEmpty();
    }

    private HttpResponse<String> update(String body, String tag) throws Exception {
        return api.send(
                api.request("/api/v1/models/purchases")
                        .header("Content-Type", "application/json")
                        .header("If-Match", tag)
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void everyChangeThatCannotBeIsNamed() throws Exception {
        create("purchases", "{\"event_id\":\"Int8\"}");
        var refused =
                api.sendJson(
                        "PUT",
                        "/api/v1/models/purchases",
                        "{\"schema\":{\"columns\":{\"event_id\":\"Int16\",\"b\":\"Int8\"},"
                                + "\"orderBy\":[],\"table\":\"other\"}}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(RunningApi.json(refused).get("detail").asText())
                .contains(
                        "cannot become 'other'",
                        "its table is sorted by 'event_id' and cannot be by nothing",
                        "column 'event_id' is Int8 and cannot become Int16",
                        "the new column 'b' Int8 is not Nullable and has no default");
    }

    @Test
    void aTableIsDroppedOnlyWhenItIsAskedForAndNoOtherModelUsesIt() throws Exception {
        create("one", "{\"columns\":{\"a\":\"Int8\"},\"table\":\"shared\"}");
        create("two", "{\"columns\":{\"a\":\"Int8\"},\"table\":\"shared\"}");
        var refused = api.send("DELETE", "/api/v1/models/one?table=drop", "");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("TABLE_IN_USE");
        assertThat(api.send("DELETE", "/api/v1/models/one?table=dorp", "").statusCode())
                .isEqualTo(400);
        assertThat(api.send("DELETE", "/api/v1/models/one?table=keep", "").statusCode())
                .isEqualTo(200);
        assertThat(api.dropped).isEmpty();
        assertThat(api.send("DELETE", "/api/v1/models/two?table=drop", "").statusCode())
                .isEqualTo(200);
        assertThat(api.dropped).containsExactly("shared");
    }

    @Test
    void modelsComeInPages() throws Exception {
        for (var name : new String[] {"c", "a", "b"}) {
            create(name, "{\"a\":\"Int8\"}");
        }
        var first = RunningApi.json(api.get("/api/v1/models?limit=2"));
        assertThat(first.findValuesAsText("name")).contains("a", "b").doesNotContain("c");
        var second =
                RunningApi.json(
                        api.get("/api/v1/models?limit=2&cursor=" + first.get("next").asText()));
        assertThat(second.at("/items/0/name").asText()).isEqualTo("c");
        assertThat(second.get("next").isNull()).isTrue();
    }
}

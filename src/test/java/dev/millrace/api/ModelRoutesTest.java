package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
                                + "\"table\":\"t1\",\"eventId\":\"id\",\"orderBy\":[\"ts\",\"id\"],"
                                + "\"partitionBy\":\"toYYYYMM(ts)\"}");
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
                "{\"a\":5}                              | 422 | INVALID_MODEL   | The type of column 'a' is not a text such as \"String\" but 5",
                "{\"a\":\"Strin\"}                      | 422 | INVALID_MODEL   | 'Strin' is not a column type",
                "{\"a\":\"Int8\",\"a\":\"Int8\"}        | 400 | INVALID_REQUEST | Duplicate",
                "{\"columns\":{\"a\":\"Int8\"},\"orderby\":[]} | 422 | INVALID_MODEL | unknown key 'orderby'",
                "{\"columns\":[{\"name\":\"a\"}]}       | 422 | INVALID_MODEL   | Column 1 has no 'type'",
                "{\"columns\":[{\"name\":\"a\",\"type\":\"Int8\",\"x\":1}]} | 422 | INVALID_MODEL | Column 1 has the unknown key 'x'",
                "{\"columns\":[{\"name\":\"a\",\"type\":\"Int8\"},{\"name\":\"a\",\"type\":\"Int8\"}]} | 422 | INVALID_MODEL | Column 'a' is there twice",
                "{\"columns\":7}                        | 422 | INVALID_MODEL   | neither an object nor an array but 7",
                "{\"columns\":{\"a\":\"Int8\"},\"orderBy\":\"a\"} | 422 | INVALID_MODEL | not an array of columns",
                "{\"columns\":{\"a\":\"Int8\"},\"orderBy\":[1]}   | 422 | INVALID_MODEL | names a column by 1",
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
    void aModelIsFoundChangedAndRemovedByNameAndById() throws Exception {
        var id = RunningApi.json(create("purchases", "{\"a\":\"Int8\"}")).get("id").asText();
        var update = "{\"schema\":{\"a\":\"Int8\",\"b\":\"Int8\"}}";
        var updated = RunningApi.json(api.sendJson("PUT", "/api/v1/models/purchases", update));
        assertThat(updated.get("version").asInt()).isEqualTo(2);
        assertThat(RunningApi.json(api.get("/api/v1/models/" + id))).isEqualTo(updated);
        assertThat(RunningApi.json(api.send("DELETE", "/api/v1/models/" + id, "")))
                .isEqualTo(updated);
        assertThat(api.get("/api/v1/models/purchases").statusCode()).isEqualTo(404);
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

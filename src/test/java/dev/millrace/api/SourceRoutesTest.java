package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceRoutesTest {
    private static final String SOURCE =
            "order_id;amount;at;note\n1;1.50;2024-01-01 08:00:00;a\n2;N/A;2024-01-02 08:00:00;\n3\n";

    private RunningApi api;

    @BeforeEach
    void start() {
        api = new RunningApi().start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode post(String path, String body) throws Exception {
        var answer = api.send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningApi.json(answer);
    }

    @Test
    void aProposalIsAModelThatCanBeMadeAndWhatLedToIt() throws Exception {
        var proposal = post("/api/v1/models/infer?name=orders.2024.csv", SOURCE);
        ContractTest.assertDocumented("Proposal", proposal);
        ContractTest.assertDocumented("ColumnEvidence", proposal.at("/columns/0"));
        assertThat(proposal.at("/reading/delimiter").asText()).isEqualTo(";");
        assertThat(proposal.get("rows").asInt()).isEqualTo(3);
        assertThat(proposal.get("rejected").asInt()).isEqualTo(1);
        assertThat(proposal.at("/damagedExamples/0/row").asInt()).isEqualTo(3);
        assertThat(proposal.at("/columns/1/nulls/N~1A").asInt()).isEqualTo(1);

        var made = api.sendJson("POST", "/api/v1/models", proposal.get("model").toString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var model = RunningApi.json(made);
        assertThat(model.get("name").asText()).isEqualTo("orders");
        assertThat(model.at("/schema/columns").findValuesAsText("type"))
                .containsExactly("UInt32", "Nullable(Decimal(9, 2))", "DateTime", "String");
        assertThat(model.at("/schema/orderBy").toString()).isEqualTo("[\"at\",\"order_id\"]");
    }

    @Test
    void aPreviewShowsTheFirstRowsAsStoredAndEachProblemBesideIts() throws Exception {
        api.sendJson(
                "POST",
                "/api/v1/models",
                """
                {"name": "m", "schema": {"columns": {"order_id": "UInt8", "amount": "Float64",
                                                     "at": "DateTime"}}}\
                """);
        var preview = post("/api/v1/preview?model=m", SOURCE);
        ContractTest.assertDocumented("Preview", preview);
        assertThat(preview.get("whole").asBoolean()).isTrue();
        assertThat(preview.get("inferred").asBoolean()).isFalse();
        assertThat(preview.get("ignoredColumns").toString()).isEqualTo("[\"note\"]");
        assertThat(preview.at("/rows/0/cells").toString())
                .isEqualTo("[\"1\",\"1.5\",\"2024-01-01 08:00:00\"]");
        assertThat(preview.at("/rows/1/stored").asBoolean()).isFalse();
        assertThat(preview.at("/rows/1/cells/1").asText()).isEqualTo("N/A");
        assertThat(preview.at("/rows/1/problems/0/column").asText()).isEqualTo("amount");
        assertThat(preview.at("/rows/1/problems/0/error").asText()).isEqualTo("NOT_A_NUMBER");
        assertThat(preview.at("/rows/2/problems").findValuesAsText("error"))
                .contains("MISSING_COLUMN");
    }

    @Test
    void aPreviewOfAHeadLeavesOutARecordThatIsCutOff() throws Exception {
        var preview = post("/api/v1/preview?whole=false", "a,b\n1,2\n3,4\n5");
        assertThat(preview.get("rows").findValuesAsText("row")).containsExactly("1", "2");
        assertThat(preview.get("whole").asBoolean()).isFalse();
        assertThat(preview.get("inferred").asBoolean()).isTrue();
    }

    @Test
    void aPreviewHasAHundredRowsAndReadsNoMoreThanAMegabyte() throws Exception {
        var text =
                IntStream.range(0, 200_000)
                        .mapToObj(i -> i + ",text " + i)
                        .collect(Collectors.joining("\n", "a,b\n", ""));
        var preview = post("/api/v1/preview", text);
        assertThat(preview.get("rows").size()).isEqualTo(100);
        assertThat(preview.get("whole").asBoolean()).isFalse();
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        var empty = api.send("POST", "/api/v1/models/infer", "");
        assertThat(RunningApi.json(empty).get("code").asText()).isEqualTo("EMPTY_SOURCE");
        var model = api.send("POST", "/api/v1/preview?model=none", "a\n1\n");
        assertThat(model.statusCode()).isEqualTo(404);
        var quote = api.send("POST", "/api/v1/models/infer?quote=ab", "a\n1\n");
        assertThat(quote.statusCode()).isEqualTo(400);
    }
}

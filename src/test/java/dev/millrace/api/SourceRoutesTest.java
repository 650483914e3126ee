package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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

    private JsonNode inferred(String query, String... parts) throws Exception {
        var answer = form(query, parts);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningApi.json(answer);
    }

    private HttpResponse<String> form(String query, String... parts) throws Exception {
        var form = "--xYz\r\n" + String.join("--xYz\r\n", parts) + "--xYz--\r\n";
        return api.send(
                api.request("/api/v1/models/infer" + query)
                        .header("Content-Type", "multipart/form-data; boundary=xYz")
                        .POST(BodyPublishers.ofString(form)));
    }

    private static String file(String name, String content) {
        return "Content-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, content);
    }

    private static String field(String name, String value) {
        return "Content-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    @Test
    void aProposalForTheFilesOfAFormHoldsAllOfThemAndSaysWhatEachIs() throws Exception {
        var proposal =
                inferred(
                        "",
                        file("shop.2024.csv", "id,amount\n1,7\n2,8\n3\n"),
                        file("b.tsv", "Amount\tid\tcolour\n0.75\t300\tred\n"),
                        file("c.jsonl", "{\"id\": 4, \"amount\": 1}\n"));

        ContractTest.assertDocumented("Proposal", proposal);
        ContractTest.assertDocumented("SourceEvidence", proposal.at("/sources/1"));
        ContractTest.assertDocumented("ColumnEvidence", proposal.at("/columns/0"));
        ContractTest.assertDocumented("Example", proposal.at("/damagedExamples/0"));
        assertThat(proposal.at("/model/name").asText()).isEqualTo("shop");
        assertThat(proposal.at("/model/schema/columns").findValuesAsText("type"))
                .containsExactly("UInt32", "Decimal(9, 2)", "Nullable(String)");
        assertThat(proposal.get("sources").findValuesAsText("name"))
                .containsExactly("shop.2024.csv", "b.tsv", "c.jsonl");
        assertThat(proposal.get("sources").findValuesAsText("format"))
                .containsExactly("csv", "csv", "jsonl");
        assertThat(proposal.at("/sources/1/reading/delimiter").asText()).isEqualTo("\t");
        assertThat(proposal.at("/sources/0/rows").asInt()).isEqualTo(3);
        assertThat(proposal.at("/sources/0/damaged").asInt()).isEqualTo(1);
        assertThat(proposal.at("/sources/0/absentColumns").toString()).isEqualTo("[\"colour\"]");
        assertThat(proposal.get("rows").asInt()).isEqualTo(5);
        assertThat(proposal.at("/columns/2/absent").asInt()).isEqualTo(3);
        assertThat(proposal.at("/columns/1/excluded").asText())
                .isEqualTo("row 1 of b.tsv: '0.75' is no whole number");

        var made = api.sendJson("POST", "/api/v1/models", proposal.get("model").toString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @Test
    void whatIsSaidBeforeTheFilesHoldsForAllAndAfterThemNothingIsSaid() throws Exception {
        var said = field("delimiter", "|");
        var one = file("a.csv", "a|b\n1|2,5\n");
        var other = file("b.csv", "a|b\n1000|2,5\n");
        var proposal = inferred("?name=both", said, one, other);
        assertThat(proposal.at("/model/name").asText()).isEqualTo("both");
        assertThat(proposal.at("/columns/0/type").asText()).isEqualTo("UInt16");

        assertThat(form("", one, other, said).body())
                .contains("The form's part 'delimiter' comes after the file");
        assertThat(form("", one, field("name", "x"), other).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsSaidBetweenTheFilesHoldsForTheNextAlone() throws Exception {
        var proposal =
                inferred(
                        "",
                        field("delimiter", ","),
                        file("a.csv", "a,b\n1,x\n"),
                        field("delimiter", ";"),
                        field("columns", "a,b"),
                        file("b.csv", "2;x\n3.5;y\n"),
                        file("c.csv", "b,a\nz,4\n"));
        assertThat(proposal.get("sources").findValuesAsText("delimiter"))
                .containsExactly(",", ";", ",");
        assertThat(proposal.get("sources").findValuesAsText("rows")).containsExactly("1", "2", "1");
        assertThat(proposal.at("/columns/0/type").asText()).isEqualTo("Decimal(9, 2)");
    }

    @Test
    void ofSeveralFilesWhatIsRefusedNamesTheOneThatIsNotAsTheOthers() throws Exception {
        var refused = form("", file("a.csv", "id,b\n1,x\n"), file("b.csv", "k;l\n1;x\n"));
        assertThat(refused.statusCode()).isEqualTo(422);
        var problem = RunningApi.json(refused);
        assertThat(problem.get("code").asText()).isEqualTo("HEADER_MISSING_COLUMN");
        assertThat(problem.get("detail").asText())
                .isEqualTo(
                        "'b.csv': It has none of the columns of the sources before it; it has: k, l");
    }

    @Test
    void aPreviewTakesOneFile() throws Exception {
        var two = "--xYz\r\n" + file("a.csv", "a\nx\n") + "--xYz\r\n" + file("b.csv", "a\nx\n");
        var answer =
                api.send(
                        api.request("/api/v1/preview")
                                .header("Content-Type", "multipart/form-data; boundary=xYz")
                                .POST(BodyPublishers.ofString(two + "--xYz--\r\n")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("two parts named 'file'");
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

package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.convert.ParquetFiles;
import dev.millrace.convert.XlsxFiles;
import dev.millrace.core.Compression;
import dev.millrace.core.Encoding;
import dev.millrace.format.Packings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The main job through the API, a server and two workers as processes of their own.
class MainJobTest {
    @TempDir private static Path folder;
    private static Site site;
    private static ApiClient api;

    @BeforeAll
    static void startServerAndWorkers() throws Exception {
        site = new Site(folder);
        api = site.serve(Map.of()).api();
        site.work("first", Map.of());
        site.work("second", Map.of());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void everyRowOfAUtf16FileIsInTheTableOrRejectedByName() throws Exception {
        var file = GameRounds.of(60_000, StandardCharsets.UTF_16BE, 100, 1);
        var table = api.createModel("rounds-utf16", GameRounds.SCHEMA);

        var job = load("rounds-utf16", file.content());

        assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(job.at("/rows/read").asLong()).isEqualTo(60_000);
        assertThat(job.at("/rows/written").asLong()).isEqualTo(file.good().size());
        assertThat(job.at("/rows/rejected").asLong()).isEqualTo(file.bad().size());
        assertThat(job.at("/source/encoding").asText()).isEqualTo("utf-16be");
        assertThat(rows(table)).isEqualTo(file.sorted());
        var problems = file.bad().stream().flatMap(b -> b.problems().stream()).toList();
        assertThat(rejections(job)).containsExactlyElementsOf(problems);
        assertThat(
                        api.sql(
                                "SELECT concat(toString(row), ':', error, ':', column) FROM"
                                        + " rejected_rows WHERE job_id = '%s'"
                                                .formatted(job.get("id").asText())))
                .containsExactlyInAnyOrderElementsOf(problems);
    }

    @ParameterizedTest
    @CsvSource({
        "WINDOWS_1252, Müller Größe Straße Käufer schön über Fußgänger Österreich",
        "KOI8_R, Москва улица дом привет человек город работа время",
        "SHIFT_JIS, 東京都 名前 住所 会社 電話番号 こんにちは カタカナ 株式会社",
        "GB18030, 编号 说明 北京 城市 街道 工作 时间 名称",
        "EUC_KR, 서울 이름 주소 회사 전화번호 안녕하세요 도시 사람",
        "UTF_32LE, Müller 東京都 Москва 서울 😀"
    })
    void filesFromBeforeUnicodeAreFoundOutAndTheirUndecodableBytesComeBack(
            Encoding encoding, String words) throws Exception {
        var model = "legacy-" + encoding.label();
        var table = api.createModel(model, "{\"id\": \"UInt32\", \"name\": \"String\"}");
        var names = List.of(words.split(" ", -1));
        var text = new StringBuilder("id,name\r\n");
        var expected = new ArrayList<String>();
        for (var id = 0; id < 40; id++) {
            var name = names.get(id % names.size()) + ' ' + names.get((id + 3) % names.size());
            text.append(id).append(',').append(name).append("\r\n");
            expected.add(id + "\t" + name);
        }
        var content = new ByteArrayOutputStream();
        content.writeBytes(text.toString().getBytes(encoding.charset()));
        var bad = new ByteArrayOutputStream();
        bad.writeBytes("40,".getBytes(encoding.charset()));
        bad.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
        bad.writeBytes("\r\n".getBytes(encoding.charset()));
        content.writeBytes(bad.toByteArray());
        var hasLetter = encoding == Encoding.WINDOWS_1252 || encoding == Encoding.KOI8_R;

        var job = load(model, content.toByteArray());

        assertThat(job.at("/source/encoding").asText()).isEqualTo(encoding.label());
        assertThat(rows(table)).containsAll(expected);
        assertThat(job.at("/rows/read").asLong()).isEqualTo(41);
        if (!hasLetter) { // of which 0xFF is the byte
            assertThat(rejections(job)).containsExactly("41:INVALID_ENCODING:name");
            var rejected = api.rejectedSource(job.get("id").asText());
            assertThat(rejected).endsWith(bad.toByteArray());
        }
    }

    @Test
    void anEncodingThatIsNotLikelyFailsTheJobAtOnceAndCanBeTold() throws Exception {
        var table = api.createModel("turkish", "{\"id\": \"UInt32\", \"name\": \"String\"}");
        var content =
                "id,name\n1,şehir\n2,ağaç\n3,güneş\n4,öğretmen\n5,ışık\n6,kırmızı\n"
                        .getBytes(Encoding.WINDOWS_1254.charset());
        var unlikely = api.createJob("turkish", "");
        assertThat(api.upload(unlikely, content)).isEqualTo(422);
        var failed = api.awaitFinal(unlikely);
        assertThat(failed.get("state").asText()).isEqualTo("FAILED");
        assertThat(failed.at("/cause/code").asText()).isEqualTo("AMBIGUOUS_ENCODING");

        var job = api.createJob("turkish", ", \"encoding\": \"cp1254\"");
        assertThat(api.upload(job, content)).isEqualTo(202);
        assertThat(api.awaitFinal(job).get("state").asText()).isEqualTo("SUCCESS");
        assertThat(rows(table)).contains("4\töğretmen");
    }

    @Test
    void aFileOfAnOldMacintoshIsReadByItsCarriageReturnsAndGivenBackWithThem() throws Exception {
        var table = api.createModel("macintosh", "{\"a\": \"UInt8\", \"b\": \"String\"}");
        var job = load("macintosh", "a,b\r1,\"x\ry\"\r300,z\r2,w".getBytes(StandardCharsets.UTF_8));
        assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(rejections(job)).containsExactly("2:OUT_OF_RANGE:a");
        assertThat(new String(api.rejectedSource(job.get("id").asText()), StandardCharsets.UTF_8))
                .isEqualTo("a,b\r300,z\r");
        assertThat(api.sql("SELECT hex(b) FROM %s ORDER BY a".formatted(table)))
                .containsExactly("780D79", "77");
    }

    @Test
    void aFileWithoutAHeaderIsLoadedByTheModelsColumnsOrByNames() throws Exception {
        var table = api.createModel("headerless", "{\"a\": \"UInt8\", \"b\": \"String\"}");
        var first = api.createJob("headerless", ", \"columns\": \"*\"");
        assertThat(api.upload(first, "1,x\n256,y\n2,z\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(202);
        var job = api.awaitFinal(first);
        assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
        assertThat(job.at("/source/columns").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(rejections(job)).containsExactly("2:OUT_OF_RANGE:a");
        assertThat(new String(api.rejectedSource(first), StandardCharsets.UTF_8))
                .isEqualTo("256,y\n");

        var second = api.createJob("headerless", ", \"columns\": \"b, other, A\"");
        assertThat(api.upload(second, "w,-,3".getBytes(StandardCharsets.UTF_8))).isEqualTo(202);
        assertThat(api.awaitFinal(second).get("state").asText()).isEqualTo("SUCCESS");
        assertThat(rows(table)).containsExactly("1\tx", "2\tz", "3\tw");
    }

    @Test
    void rejectedRowsAreMendedAndLoadedAgain() throws Exception {
        var table = api.createModel("mended", "{\"a\": \"UInt8\", \"b\": \"String\"}");
        var file = "a;b\r\n1;x\r\n256;\"line\r\nbreak\"\r\n2;y\r\nthree;龍";
        var first = load("mended", ("\uFEFF" + file).getBytes(StandardCharsets.UTF_16LE));
        assertThat(first.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");

        var rejected = api.rejectedSource(first.get("id").asText());
        var bad = "\uFEFFa;b\r\n256;\"line\r\nbreak\"\r\nthree;龍";
        assertThat(rejected).isEqualTo(bad.getBytes(StandardCharsets.UTF_16LE));
        var mended = bad.replace("256", "25").replace("three", "3");
        var again =
                api.createJob("mended", ", \"parent\": \"%s\"".formatted(first.get("id").asText()));
        assertThat(api.upload(again, mended.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(202);
        var second = api.awaitFinal(again);

        assertThat(second.get("parent")).isEqualTo(first.get("id"));
        assertThat(second.get("state").asText()).isEqualTo("SUCCESS");
        assertThat(rows(table)).containsExactly("1\tx", "2\ty", "25\tline", "3\t龍", "break");
    }

    @Test
    void aPackedFileGivesTheSameRowsAndIsTheSameContent() throws Exception {
        var file = GameRounds.of(5_000, StandardCharsets.UTF_8, 0, 2);
        for (var packing : Compression.values()) {
            if (packing == Compression.NONE) {
                continue;
            }
            var name = "rounds-" + packing.name().toLowerCase(Locale.ROOT);
            var table = api.createModel(name, GameRounds.SCHEMA);

            var job = load(name, Packings.pack(packing, file.content()));

            assertThat(job.get("state").asText()).isEqualTo("SUCCESS");
            assertThat(job.get("progress").asDouble()).isEqualTo(1);
            assertThat(job.at("/source/compression").asText())
                    .isEqualTo(packing.name().toLowerCase(Locale.ROOT));
            assertThat(rows(table)).isEqualTo(file.sorted());
            var again = load(name, file.content());
            assertThat(again.at("/cause/code").asText()).isEqualTo("ALREADY_LOADED");
        }
    }

    @Test
    void theSameRowsInAnyFormatGiveTheSameTableAndTheSameRejections(@TempDir Path folder)
            throws Exception {
        var sources = new LinkedHashMap<String, byte[]>();
        var lines =
                """
                {"a": 1, "b": "x"}
                {"b": "é\\"\\t\\u9f8d", "a": 2}
                {"a": 300, "b": "much"}
                {"a": 4}
                """;
        sources.put("jsonl", utf8(lines));
        sources.put("json", utf8("[\n" + lines.strip().replace("\n", ",\n  ") + "]\n"));
        sources.put("csv", utf8("a\tb\n1\tx\n2\té\"\\t龍\n300\tmu\\\\ch\n4\t\\N\n"));
        sources.put("parquet", parquet(folder));
        sources.put("avro", avro());
        sources.put("xlsx", xlsx(folder));
        for (var source : sources.entrySet()) {
            var format = source.getKey();
            var table =
                    api.createModel(
                            "in-" + format, "{\"a\": \"UInt8\", \"b\": \"Nullable(String)\"}");

            var job = load("in-" + format, source.getValue());

            assertThat(job.at("/source/format").asText()).isEqualTo(format);
            assertThat(job.get("state").asText()).as(format).isEqualTo("PARTIAL_SUCCESS");
            assertThat(rejections(job)).as(format).containsExactly("3:OUT_OF_RANGE:a");
            assertThat(rows(table)).as(format).containsExactly("1\tx", "2\té\"\t龍", "4\t\\N");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] parquet(Path folder) throws IOException {
        var file = new ParquetFiles(folder, "required int32 a; optional binary b (UTF8);");
        file.row(r -> r.append("a", 1).append("b", "x"));
        file.row(r -> r.append("a", 2).append("b", "é\"\t龍"));
        file.row(r -> r.append("a", 300).append("b", "much"));
        file.row(r -> r.append("a", 4));
        return Files.readAllBytes(file.write());
    }

    private static byte[] xlsx(Path folder) throws IOException {
        var rows = new StringBuilder();
        for (var row : List.of("a|b", "1|x", "2|é\"\t龍", "300|much", "4")) {
            var cells = row.split("\\|", -1);
            rows.append("<row>");
            for (var cell : cells) {
                rows.append(
                        cell.matches("[0-9]+")
                                ? "<c><v>%s</v></c>".formatted(cell)
                                : "<c t='inlineStr'><is><t>%s</t></is></c>".formatted(cell));
            }
            rows.append("</row>");
        }
        return Files.readAllBytes(new XlsxFiles().sheet("Rows", rows.toString()).write(folder));
    }

    private static byte[] avro() throws IOException {
        var schema =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "R", "fields": [
                                  {"name": "a", "type": "long"},
                                  {"name": "b", "type": ["null", "string"]}]}\
                                """);
        var out = new ByteArrayOutputStream();
        try (var writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
            writer.create(schema, out);
            var texts = Arrays.asList("x", "é\"\t龍", "much", null);
            for (var i = 0; i < texts.size(); i++) {
                var record = new GenericData.Record(schema);
                record.put("a", List.of(1L, 2L, 300L, 4L).get(i));
                record.put("b", texts.get(i));
                writer.append(record);
            }
        }
        return out.toByteArray();
    }

    @Test
    void twoWorkersShareOneFileAndTheLedgerShowsBoth() throws Exception {
        var file = GameRounds.of(400_000, StandardCharsets.UTF_8, 0, 3);
        var table = api.createModel("rounds-shared", GameRounds.SCHEMA);

        var job = load("rounds-shared", file.content());

        assertThat(job.get("state").asText()).isEqualTo("SUCCESS");
        var splits = api.get("/api/v1/jobs/%s/splits".formatted(job.get("id").asText()));
        var workers = splits.findValuesAsText("worker");
        assertThat(workers).contains("first", "second").containsOnly("first", "second");
        assertThat(rows(table)).isEqualTo(file.sorted());
    }

    @Test
    void aFileWithoutAGoodRowFailsAndPublishesNothing() throws Exception {
        var table = api.createModel("all-bad", "{\"a\": \"UInt8\"}");

        var job = load("all-bad", "a\n256\n-1\nx\n".getBytes(StandardCharsets.UTF_8));

        assertThat(job.get("state").asText()).isEqualTo("FAILED");
        assertThat(job.at("/cause/code").asText()).isEqualTo("ALL_ROWS_REJECTED");
        assertThat(rows(table)).isEmpty();
        assertThat(rejections(job))
                .containsExactly("1:OUT_OF_RANGE:a", "2:OUT_OF_RANGE:a", "3:NOT_AN_INTEGER:a");
    }

    @Test
    void aJobThatBearsNoRejectedRowPublishesNothing() throws Exception {
        var table = api.createModel("strict", "{\"a\": \"UInt8\"}");
        var id = api.createJob("strict", ", \"maxRejected\": \"0\"");
        api.upload(id, "a\n1\n2\n256\n".getBytes(StandardCharsets.UTF_8));

        var job = api.awaitFinal(id);

        assertThat(job.get("state").asText()).isEqualTo("FAILED");
        assertThat(job.at("/cause/code").asText()).isEqualTo("TOO_MANY_REJECTED");
        assertThat(rows(table)).isEmpty();
    }

    @Test
    void aHeaderWithoutARequiredColumnFailsAtOnceWithOneCause() throws Exception {
        api.createModel("header", "{\"a\": \"UInt8\", \"b\": \"String\"}");
        var id = api.createJob("header", "");
        assertThat(api.upload(id, "a,c\n1,x\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(422);

        var job = api.awaitFinal(id);

        assertThat(job.get("state").asText()).isEqualTo("FAILED");
        assertThat(job.at("/cause/code").asText()).isEqualTo("HEADER_MISSING_COLUMN");
        assertThat(job.at("/cause/message").asText()).contains("b");
    }

    @Test
    void anEmptyFileFailsAtOnce() throws Exception {
        api.createModel("empty", "{\"a\": \"UInt8\"}");
        for (var content : List.of("", "a\n", "a,b\n\n\n")) {
            var id = api.createJob("empty", "");
            api.upload(id, content.getBytes(StandardCharsets.UTF_8));

            assertThat(api.awaitFinal(id).at("/cause/code").asText()).isEqualTo("EMPTY_SOURCE");
        }
    }

    @Test
    void aCancelledUploadPublishesNothing() throws Exception {
        var table = api.createModel("cancelled", "{\"a\": \"UInt8\"}");
        var id = api.createJob("cancelled", "");

        api.post("/api/v1/jobs/%s/cancel".formatted(id), "application/json", new byte[0], 200);

        assertThat(api.upload(id, "a\n1\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(409);
        assertThat(api.job(id).get("state").asText()).isEqualTo("CANCELLED");
        assertThat(rows(table)).isEmpty();
    }

    @Test
    void whoListensToAJobHearsHowItBeganAndHowItEnded() throws Exception {
        api.createModel("heard", "{\"a\": \"UInt8\"}");
        var id = api.createJob("heard", "");
        var events = api.events(id);
        assertThat(api.upload(id, "a\n1\n256\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(202);

        var heard = events.get(60, TimeUnit.SECONDS);

        assertThat(heard).contains("event: progress\n").endsWith("}\n\n");
        var end = heard.substring(heard.indexOf("event: end\ndata: "));
        assertThat(end)
                .contains("\"state\":\"PARTIAL_SUCCESS\"")
                .contains("\"read\":2,\"written\":1,\"published\":1,\"rejected\":1");
    }

    @Test
    void aFormLoadsItsFile() throws Exception {
        var table = api.createModel("form", "{\"a\": \"UInt8\"}");

        var sent = api.sendForm(form("form", "a\n1\n2\n") + "--xYz--\n");

        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(202);
        var job = api.awaitFinal("last");
        assertThat(job.get("state").asText()).isEqualTo("SUCCESS");
        assertThat(job.at("/source/name").asText()).isEqualTo("f.csv");
        assertThat(rows(table)).containsExactly("1", "2");
    }

    @ParameterizedTest
    @CsvSource({
        "'--xYz', UPLOAD_INTERRUPTED",
        "'', UPLOAD_INTERRUPTED",
        "'--xYz\nContent-Disposition: form-data; name=delimiter\n\n;\n--xYz--\n', INVALID_REQUEST",
    })
    void aFormThatDoesNotEndAfterItsFilePublishesNothing(String end, String code) throws Exception {
        var name = "form-" + UUID.randomUUID();
        var table = api.createModel(name, "{\"a\": \"UInt8\"}");

        var sent = api.sendForm(form(name, "a\n1\n2\n") + end);

        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(400);
        var job = api.awaitFinal("last");
        assertThat(job.get("state").asText()).isEqualTo("FAILED");
        assertThat(job.at("/cause/code").asText()).isEqualTo(code);
        assertThat(rows(table)).isEmpty();
    }

    private static String form(String model, String content) {
        return """
        --xYz
        Content-Disposition: form-data; name="model"

        %s
        --xYz
        Content-Disposition: form-data; name="file"; filename="f.csv"

        %s
        """
                .formatted(model, content);
    }

    private static JsonNode load(String model, byte[] content) throws Exception {
        var id = api.createJob(model, "");
        assertThat(api.upload(id, content)).isEqualTo(202);
        return api.awaitFinal(id);
    }

    private static List<String> rows(String table) throws Exception {
        return api.sql("SELECT * FROM " + table).stream().sorted().toList();
    }

    /// `row:code:column` of every rejection, by the API.
    private static List<String> rejections(JsonNode job) throws IOException, InterruptedException {
        return api.text("/api/v1/jobs/%s/rejections".formatted(job.get("id").asText()))
                .lines()
                .skip(1)
                .map(line -> line.split(",", 6))
                .map(f -> f[0] + ":" + f[4] + ":" + f[2])
                .toList();
    }
}

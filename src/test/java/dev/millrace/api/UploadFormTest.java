package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sources that come as multipart forms. `|` stands for a line break in the forms below.
class UploadFormTest {
    private static final String FILE =
            "Content-Disposition: form-data; name=\"file\"; filename=\"p.csv\"|"
                    + "Content-Type: text/csv||a,b|";

    private RunningApi api;
    private final AtomicReference<byte[]> received = new AtomicReference<>();
    private final AtomicLong declared = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi().start();
        api.sendJson(
                "POST",
                "/api/v1/models",
                "{\"name\":\"purchases\",\"schema\":{\"event_id\":\"String\",\"a\":\"Int8\"}}");
        api.uploads =
                (job, body, asked) -> {
                    declared.set(asked.declaredBytes());
                    try {
                        received.set(body.readAllBytes());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return job;
                };
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static byte[] form(String... parts) {
        return ("--xYz|" + String.join("--xYz|", parts) + "--xYz--|")
                .replace("|", "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String field(String name, String value) {
        return "Content-Disposition: form-data; name=\"%s\"||%s|".formatted(name, value);
    }

    private HttpResponse<String> post(String query, byte[] form) throws Exception {
        return post(query, BodyPublishers.ofByteArray(form));
    }

    private HttpResponse<String> post(String query, BodyPublisher form) throws Exception {
        return api.send(
                api.request("/api/v1/jobs" + query)
                        .header("Content-Type", "multipart/form-data; boundary=xYz")
                        .POST(form));
    }

    private String text() {
        return new String(received.get(), StandardCharsets.UTF_8);
    }

    @Test
    void aFormSaysWhatItsFileIsAndBringsIt() throws Exception {
        var done =
                post(
                        "",
                        form(
                                field("model", "purchases"),
                                field("delimiter", ";"),
                                field("maxRejected", "1.5%"),
                                FILE));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        var job = RunningApi.json(done);
        assertThat(job.at("/source/name").asText()).isEqualTo("p.csv");
        assertThat(job.at("/source/delimiter").asText()).isEqualTo(";");
        assertThat(job.get("maxRejected").asText()).isEqualTo("1.5%");
        assertThat(text()).isEqualTo("a,b");
        assertThat(declared).as("how long the file is, the form does not say").hasValue(-1);
    }

    @Test
    void aNameThatIsSaidIsTakenInPlaceOfTheFiles() throws Exception {
        var done = post("?model=purchases&quote=none", form(field("name", "März"), FILE));
        assertThat(RunningApi.json(done).at("/source/name").asText()).isEqualTo("März");
        assertThat(RunningApi.json(done).at("/source/quote").asText()).isEqualTo("none");
    }

    @Test
    void theSourceOfAJobThatWaitsMayComeAsAForm() throws Exception {
        api.sendJson("POST", "/api/v1/jobs", "{\"model\": \"purchases\"}");
        var put =
                api.request("/api/v1/jobs/last/source")
                        .header("Content-Type", "Multipart/Form-Data; boundary=\"xYz\"");
        var done = api.send(put.copy().PUT(BodyPublishers.ofByteArray(form(FILE))));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        assertThat(text()).isEqualTo("a,b");
        var described = form(field("model", "other"), FILE);
        var refused = api.send(put.PUT(BodyPublishers.ofByteArray(described)));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("'model' is not known").contains("'file' alone");
    }

    @Test
    void whatTheQuerySaysTooMustBeTheSame() throws Exception {
        var form = form(field("model", "purchases"), FILE);
        assertThat(post("?model=purchases", form).statusCode()).isEqualTo(202);
        var refused = post("?model=other", form);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("detail").asText())
                .isEqualTo("'model' is 'other' in the query and 'purchases' in the form");
    }

    /// A file may hold what looks like its own end, and be cut on its way wherever that is.
    @Test
    void everyByteOfTheFileArrivesHoweverItIsCut() throws Exception {
        var random = new Random(7);
        var tokens = List.of("\r", "\n", "-", "--", "\r\n", "\r\n--", "\r\n--x", "--xYz", "a,b");
        for (var round = 0; round < 300; round++) {
            var content = new StringBuilder();
            for (var i = random.nextInt(9); i > 0; i--) {
                content.append(tokens.get(random.nextInt(tokens.size())));
            }
            var file = content.toString().replace("\r\n--xYz", "\r\n--xY");
            var head = "--xYz\r\nContent-Disposition: form-data; name=file\r\n\r\n";
            var whole = (head + file + "\r\n--xYz--\r\n").getBytes(StandardCharsets.UTF_8);
            var done = post("?model=purchases", BodyPublishers.ofByteArrays(cut(whole, random)));
            assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
            assertThat(text()).isEqualTo(file);
        }
    }

    private static List<byte[]> cut(byte[] whole, Random random) {
        var pieces = new ArrayList<byte[]>();
        for (var from = 0; from < whole.length; ) {
            var to = Math.min(whole.length, from + 1 + random.nextInt(20));
            pieces.add(Arrays.copyOfRange(whole, from, to));
            from = to;
        }
        return pieces;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "--xYz--|                                              ! no part named 'file'",
                "--xYz|Content-Disposition: form-data; name=model||m|--xYz--| ! no part named 'file'",
                "a,b|1,2|                                              ! no part named 'file'",
                "''                                                    ! no part named 'file'",
                "--xYz|Content-Type: text/csv||a|--xYz--|              ! Content-Disposition",
                "--xYz|Content-Disposition: form-data; name=upload; filename=p||a|--xYz--|"
                        + " ! 'upload' is not known",
                "--xYz|Content-Disposition: form-data; name=file|Content-Transfer-Encoding: base64||"
                        + "YQ==|--xYz--|                               ! encoded as base64",
                "--xYz|Content-Disposition: form-data; name=name||n|--xYz|"
                        + "Content-Disposition: form-data; name=name||n|--xYz--| ! 'name' twice",
                "--xYz|Content-Disposition: form-data; name=model||m   ! not parted by its boundary",
            })
    void aFormThatIsNotAsDescribedIsRefusedBeforeAnyJobIsMade(String form, String detail)
            throws Exception {
        var refused =
                post(
                        "?model=purchases",
                        form.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("code").asText()).isEqualTo("INVALID_REQUEST");
        assertThat(RunningApi.json(refused).get("detail").asText()).contains(detail);
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void headersAndFieldsOfAnyLengthAreNotHeld() throws Exception {
        var long9 = "x".repeat(9 << 10);
        assertThat(post("", form(FILE.replace("text/csv", long9))).body())
                .contains("headers of more than 8,192 bytes");
        assertThat(post("", form(field("model", long9), FILE)).body())
                .contains("'model' has more than 8,192 bytes");
        assertThat(api.catalog.jobs).isEmpty();
    }

    private HttpResponse<String> postNamed(String parameters) throws Exception {
        return post(
                "?model=purchases",
                form("Content-Disposition: form-data; name=file; " + parameters + "||a,b|"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '#',
            value = {
                "filename=\"p.csv\"                      ! p.csv",
                "FileName = p.csv                        ! p.csv",
                "filename=\"März; 1.csv\"                ! März; 1.csv",
                "filename=\"a%22b%22.csv\"               ! a\"b\".csv",
                "filename=\"a\\\"b\\\".csv\"             ! a\"b\".csv",
                "filename=\"C:\\new\\p.csv\"             ! C:\\new\\p.csv",
                "filename=\"100%25.csv\"                 ! 100%25.csv",
                "filename=\"=?utf-8?B?cC5jc3Y=?=\"       ! =?utf-8?B?cC5jc3Y=?=",
                "filename=\"=?utf-9?Q?p?=\"              ! =?utf-9?Q?p?=",
                "filename*=UTF-8''M%C3%A4rz+1.csv        ! März+1.csv",
                "filename=\"M.csv\"; filename*=utf-8'de'M%C3%A4rz.csv ! März.csv",
                "filename=\"\"                           ! upload",
            })
    void aFilesNameIsTakenAsBrowsersAndCommandsWriteIt(String parameters, String name)
            throws Exception {
        var done = postNamed(parameters);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        assertThat(RunningApi.json(done).at("/source/name").asText()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '#',
            value = {
                "filename=\"a%0Ab\"                      ! control character U+000A",
                "filename=\"a\u001bb\"                   ! control character U+001B",
                "filename=\"a\u009bb\"                   ! control character U+009B",
                "filename*=utf-8''a%1Bb                  ! control character U+001B",
                "filename=a; filename=b                  ! 'filename' twice",
                "filename=a; name=b                      ! 'name' twice",
                "filename=\"a                            ! cannot be read",
                "filename=\"a\"b                         ! cannot be read",
                "filename=a b                            ! cannot be read",
                "filename*=utf-8''%zz                    ! cannot be read",
                "filename*=utf-8''%ff                    ! cannot be read",
                "filename*=latin1''a                     ! cannot be read",
                "filename=a|Content-Disposition: form-data; name=file ! 'content-disposition' twice",
                "filename=a| ; x=y                       ! cannot be read",
            })
    void headersThatCannotBeReadAsTheyStandAreRefused(String parameters, String detail)
            throws Exception {
        var refused = postNamed(parameters);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(RunningApi.json(refused).get("detail").asText()).contains(detail);
        assertThat(api.catalog.jobs).isEmpty();
    }

    @Test
    void whatComesBeforeTheFileIsLimitedAltogether() throws Exception {
        var refused =
                post(
                        "?model=purchases",
                        ("x".repeat(1 << 20) + "|").getBytes(StandardCharsets.US_ASCII));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("more than 131,072 bytes before its file");
    }

    @Test
    void aFormWhoseFileDoesNotBeginInTimeIsRefused() throws Exception {
        var head = new FormHead(ascii("--xYz|"), 100, 0, Duration.ZERO);
        assertThatThrownBy(head::readAllBytes).hasMessageContaining("not begun within 0 s");
        head.end();
        assertThat(head.readAllBytes()).isEmpty();
    }

    @Test
    void theNameOfTheBoundaryMayBeWrittenInAnyCaseButOnlyOnce() throws Exception {
        var type = "multipart/form-data; charset=utf-8; Boundary=xYz";
        assertThat(postAs(type).statusCode()).isEqualTo(202);
        var refused = postAs(type + "; boundary=aBc");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("'boundary' twice");
    }

    private HttpResponse<String> postAs(String type) throws Exception {
        return api.send(
                api.request("/api/v1/jobs?model=purchases")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(form(FILE))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=\"\""})
    void aFormWithoutABoundaryIsRefused(String type) throws Exception {
        var refused =
                api.send(
                        api.request("/api/v1/jobs?model=purchases")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofByteArray(form(FILE))));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("names no boundary");
    }

    /// Whoever reads the file hears of it before its end, so that nothing of it is published.
    @Test
    void whatComesAfterTheFileIsRefused() throws Exception {
        var twice = post("?model=purchases", form(FILE, FILE));
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(twice.body()).contains("two parts named 'file'");
        assertThat(twice.headers().firstValue("Location")).isPresent();
        var late = post("?model=purchases", form(FILE, field("delimiter", ";")));
        assertThat(late.statusCode()).isEqualTo(400);
        assertThat(late.body()).contains("'delimiter' comes after the file");
        var endless = post("?model=purchases", form(FILE, field("x".repeat(9 << 10), "")));
        assertThat(endless.statusCode()).as(endless.body()).isEqualTo(400);
        assertThat(endless.body()).contains("headers of more than 8,192 bytes");
        assertThat(received).hasNullValue();
    }

    @Test
    void twoHundredMegabytesAreStreamedAndNeverHeld() throws Exception {
        var counted = new AtomicLong();
        var most = new AtomicLong();
        api.uploads =
                (job, body, _) -> {
                    counted.set(UploadTest.count(body, most));
                    return job;
                };
        System.gc();
        var before = UploadTest.used();
        var parts =
                List.of(
                        ascii("--xYz|" + FILE.replace("a,b|", "")),
                        new UploadTest.Zeros(200L << 20),
                        ascii("|--xYz--|"));
        var done =
                post(
                        "?model=purchases",
                        BodyPublishers.ofInputStream(
                                () -> new SequenceInputStream(Collections.enumeration(parts))));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        assertThat(counted).hasValue(200L << 20);
        assertThat(most.get() - before).isLessThan(64L << 20);
    }

    private static InputStream ascii(String text) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}

package dev.millrace.cli;

import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace connection …`: a command line in, what it prints and asks out.
class ConnectionCommandsTest {
    private static final String PATH = "/api/v1/connections";
    private static final String WAREHOUSE =
            """
            {"id": "a1b2c3d4", "name": "warehouse", "url": "https://ch:8443", "database": "sales",
             "user": "ada", "hasPassword": true, "ca": null, "connectSeconds": 10,
             "answerSeconds": 300}\
            """;

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

    private String[] create(String... more) {
        var begin = new String[] {"connection", "create", "warehouse", "https://ch:8443"};
        var all = Arrays.copyOf(begin, begin.length + more.length);
        System.arraycopy(more, 0, all, begin.length, more.length);
        return all;
    }

    @Test
    void aPasswordComesFromAFileOrStandardInputOrTheEnvironment() throws Exception {
        cli.server.on("POST " + PATH, WAREHOUSE);
        var file = cli.file("pw", " s e c \nsecond line\n");
        assertThat(cli.run(create("--user", "ada", "--password-file", file)).code()).isZero();
        cli.in = new ByteArrayInputStream("piped\n".getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run(create("--user", "ada", "--password-file", "-")).code()).isZero();
        cli.environment.put(ConnectionFlags.PASSWORD, "of the environment");
        assertThat(cli.run(create("--user", "ada", "--database", "d")).code()).isZero();
        var bodies = cli.server.asked().stream().map(asked -> json(asked.text())).toList();
        assertThat(bodies)
                .extracting(body -> body.path("password").asText())
                .containsExactly(" s e c ", "piped", "of the environment");
        assertThat(bodies.getLast().path("database").asText()).isEqualTo("d");
        assertThat(bodies.getLast().path("user").asText()).isEqualTo("ada");
    }

    @Test
    void aTokenStandsInPlaceOfAUser() throws Exception {
        cli.server.on("POST " + PATH, WAREHOUSE);
        var ran = cli.run(create("--token-file", cli.file("jwt", "a.b.c\n")));
        assertThat(ran.code()).as(ran.err()).isZero();
        var body = json(cli.server.asked().getFirst().text());
        assertThat(body.path("accessToken").asText()).isEqualTo("a.b.c");
        assertThat(body.has("user")).isFalse();
        assertThat(body.has("password")).isFalse();
    }

    @Test
    void withoutATerminalNobodyIsAskedForAPassword() {
        var ran = cli.run(create("--user", "ada"));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("--password-file", ConnectionFlags.PASSWORD);
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void anUpdateKeepsWhatIsNotSaid() throws Exception {
        cli.server
                .on("GET " + PATH + "/warehouse", WAREHOUSE)
                .on("PUT " + PATH + "/warehouse", WAREHOUSE);
        var ran = cli.run("connection", "update", "warehouse", "--answer-seconds", "60");
        assertThat(ran.code()).as(ran.err()).isZero();
        var body = json(cli.server.asked().getLast().text());
        assertThat(body.path("name").asText()).isEqualTo("warehouse");
        assertThat(body.path("url").asText()).isEqualTo("https://ch:8443");
        assertThat(body.path("database").asText()).isEqualTo("sales");
        assertThat(body.path("user").asText()).isEqualTo("ada");
        assertThat(body.path("connectSeconds").asInt()).isEqualTo(10);
        assertThat(body.path("answerSeconds").asInt()).isEqualTo(60);
        assertThat(body.has("password")).isFalse();
    }

    @Test
    void aConnectionToAnS3TakesItsSecretFromAFileOrTheEnvironment() {
        cli.server.on("POST " + PATH, WAREHOUSE);
        var key = cli.file("key", "s3cr3t\n");
        var token = cli.file("token", "t0k3n\n");
        var words = "connection create lake --kind s3 --region eu-west-1 --access-key-id AKIA";
        var files = words + " --secret-key-file " + key + " --session-token-file " + token;
        assertThat(cli.run(files.split(" ")).code()).isZero();
        cli.environment.put(S3Flags.SECRET_KEY, "of-the-environment");
        assertThat(cli.run((words + " --path-style true").split(" ")).code()).isZero();
        var bodies = cli.server.asked().stream().map(asked -> json(asked.text())).toList();
        assertThat(bodies.getFirst())
                .isEqualTo(
                        json(
                                """
                                {"name": "lake", "kind": "s3", "region": "eu-west-1",
                                 "accessKeyId": "AKIA", "secretAccessKey": "s3cr3t",
                                 "sessionToken": "t0k3n"}\
                                """));
        assertThat(bodies.getLast().path("secretAccessKey").asText())
                .isEqualTo("of-the-environment");
        assertThat(bodies.getLast().path("pathStyle").asBoolean()).isTrue();
    }

    @Test
    void whatOneKindHasIsNotTakenForTheOther() {
        assertThat(cli.run(create("--region", "eu-west-1")).err()).contains("--kind s3");
        assertThat(cli.run(create("--kind", "s3", "--user", "ada")).err())
                .contains("--access-key-id");
        assertThat(cli.run(create("--kind", "ftp")).err()).contains("clickhouse, s3");
        assertThat(cli.run("connection", "create", "x", "--user", "a").err()).contains("URL");
        var unasked = cli.run(create("--kind", "s3", "--region", "r", "--access-key-id", "i"));
        assertThat(unasked.err()).contains("--secret-key-file", S3Flags.SECRET_KEY);
        assertThat(cli.server.requests()).isEmpty();
    }

    @Test
    void anUpdateOfAnS3KeepsWhatIsNotSaid() {
        var lake =
                """
                {"id": "a1b2c3d4", "name": "lake", "kind": "s3", "endpoint": null,
                 "region": "eu-west-1", "pathStyle": false, "accessKeyId": "AKIA",
                 "hasSecretAccessKey": true, "hasSessionToken": false, "ca": null,
                 "connectSeconds": 10, "answerSeconds": 60}\
                """;
        cli.server.on("GET " + PATH + "/lake", lake).on("PUT " + PATH + "/lake", lake);
        var ran = cli.run("connection", "update", "lake", "--region", "eu-west-2");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(json(cli.server.asked().getLast().text()))
                .isEqualTo(
                        json(
                                """
                                {"name": "lake", "kind": "s3", "endpoint": null,
                                 "region": "eu-west-2", "pathStyle": false, "accessKeyId": "AKIA",
                                 "ca": null, "connectSeconds": 10, "answerSeconds": 60}\
                                """));
    }

    @Test
    void aTestOfAnS3SaysWhatCouldBeRead() {
        var test = "POST " + PATH + "/lake/test";
        cli.server
                .on(test, "{\"kind\": \"s3\", \"buckets\": 3, \"read\": null, \"millis\": 4}")
                .on(
                        test + "?uri=s3%3A%2F%2Fb%2Fx",
                        "{\"kind\": \"s3\", \"buckets\": null, \"read\": \"s3://b/x1\","
                                + " \"millis\": 4}");
        assertThat(cli.run("connection", "test", "lake").out()).contains("3 buckets");
        assertThat(cli.run("connection", "test", "lake", "s3://b/x").out())
                .contains("s3://b/x1 can be read");
    }

    @Test
    void aTestSaysWhoAnswersOrWhatIsWrong() {
        cli.server
                .on(
                        "POST " + PATH + "/warehouse/test",
                        "{\"version\": \"26.7.2\", \"user\": \"ada\", \"millis\": 41}")
                .on(
                        "POST " + PATH + "/gone/test",
                        404,
                        "application/problem+json",
                        """
                        {"code": "NOT_FOUND", "detail": "There is no connection 'gone'",
                         "remedy": "millrace connection list shows the connections."}\
                        """);
        var ran = cli.run("connection", "test", "warehouse");
        assertThat(ran.out()).isEqualTo("ClickHouse 26.7.2 answers 'ada' in 41 ms\n");
        var gone = cli.run("connection", "test", "gone");
        assertThat(gone.code()).isNotZero();
        assertThat(gone.err()).contains("There is no connection 'gone'", "connection list");
    }
}

package dev.millrace.cli;

import static dev.millrace.cli.Answers.FAILED;
import static dev.millrace.cli.Answers.JOB;
import static dev.millrace.cli.Answers.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.cli.CommandRun.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads that break off, as the commands see them.
class JobResumeTest {
    private static final String TEXT = "event_id,amount\n1,2.5\n2,3.5\n";

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

    private static String waiting(String state, int offset, int splits) {
        return RUNNING.replaceFirst(
                "\\{",
                "{\"upload\": {\"state\": \"%s\", \"offset\": %d, \"expiresAt\": null}, \"splits\": {\"stored\": %d},"
                        .formatted(state, offset, splits));
    }

    private static String goingOnAt(int offset) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(TEXT.getBytes(StandardCharsets.UTF_8), 0, offset);
        return "PUT %s/source?offset=%d&prefixSha256=%s"
                .formatted(JOB, offset, HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void anUploadThatBreaksGoesOnWhereTheServerSays() throws Exception {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source")
                .on("GET " + JOB, waiting("RECEIVING", 0, 0))
                .breaksAt(goingOnAt(0))
                .on("GET " + JOB, waiting("INTERRUPTED", 16, 1))
                .on(goingOnAt(16), 503, "application/problem+json", "{\"detail\": \"away\"}")
                .on("GET " + JOB, 503, "application/problem+json", "{\"detail\": \"away\"}")
                .on("GET " + JOB, waiting("INTERRUPTED", 22, 2))
                .on(goingOnAt(22), 202, "application/json", RUNNING);

        var ran = cli.run("job", "create", "purchases", cli.file("d.csv", TEXT));

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err().lines()).hasSize(3).allMatch(line -> line.contains("broke off"));
        assertThat(cli.server.asked().getLast().text()).isEqualTo("2,3.5\n");
        assertThat(cli.server.asked().getLast().header("Content-length")).isEqualTo("6");
    }

    @Test
    void anUploadThatArrivedWholeThoughItsAnswerWasLostIsNotSentAgain() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source")
                .on("GET " + JOB, waiting("COMPLETE", 28, 2));

        assertThat(cli.run("job", "create", "purchases", cli.file("d.csv", TEXT)).code()).isZero();
        assertThat(cli.server.requests()).containsExactly("POST /api/v1/jobs", "GET " + JOB);
    }

    @Test
    void aFileThatTheServerRefusedWhileItBrokeOffSaysWhy() {
        cli.server
                .on("POST /api/v1/jobs", 201, "application/json", RUNNING)
                .breaksAt("PUT " + JOB + "/source")
                .on("GET " + JOB, FAILED);

        var ran = cli.run("job", "create", "purchases", cli.file("d.csv", TEXT));

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).endsWith("error: The header lacks 'amount'\n  Add the column.\n");
    }

    @Test
    void anotherCommandGoesOnWithAnUpload() throws Exception {
        cli.server
                .on("GET " + JOB, waiting("INTERRUPTED", 22, 2))
                .on(goingOnAt(22), 202, "application/json", RUNNING);

        var ran = cli.run("job", "resume", "e5f6a7b8", cli.file("d.csv", TEXT));

        assertThat(ran).isEqualTo(new Ran(0, "See it:  millrace job status e5f6a7b8\n", ""));
        assertThat(cli.server.asked().getLast().text()).isEqualTo("2,3.5\n");
    }

    @Test
    void whatCannotBeResumedSaysWhy() {
        var file = cli.file("d.csv", TEXT);
        var pipe = cli.run("job", "resume", "e5f6a7b8", "-");
        assertThat(pipe.err()).contains("Standard input cannot be sent again");
        cli.server.on("GET " + JOB, waiting("COMPLETE", 28, 2)).on("GET " + JOB, FAILED);
        assertThat(cli.run("job", "resume", "e5f6a7b8", file).err()).contains("has its whole file");
        assertThat(cli.run("job", "resume", "e5f6a7b8", file).err())
                .isEqualTo("error: The header lacks 'amount'\n  Add the column.\n");
    }

    @Test
    void aFileThatChangedMeanwhileIsNotSentAsTheRestOfTheFirst() throws IOException {
        var file = Path.of(cli.file("d.csv", TEXT));
        try (var upload = open(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            assertChanged(upload, 3);
        }
        try (var upload = open(file)) {
            Files.writeString(file, TEXT + "3,4\n");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            assertChanged(upload, 3);
        }
        try (var upload = open(file)) {
            assertChanged(upload, 1000);
        }
    }

    private static Upload open(Path file) {
        return Upload.open(file.toString(), Terminal.ofProcess(), (_, _) -> {});
    }

    private static void assertChanged(Upload upload, long offset) {
        assertThatThrownBy(() -> upload.goOnAt(offset))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("changed while it was read");
    }
}

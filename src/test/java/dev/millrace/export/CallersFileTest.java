package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file is written where its holder has shown that it is theirs, and no other is touched.
class CallersFileTest {
    private static final String SECRET = "a secret of thirty-two characters or more";

    @TempDir Path folder;
    private Path part;

    @BeforeEach
    void seal() throws Exception {
        part = folder.resolve("rows.csv.part");
        Files.writeString(part, hash(SECRET));
    }

    private static String hash(String secret) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
    }

    private static void assertRefused(String path, String secret) {
        assertThatThrownBy(() -> CallersFile.open(path, secret))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_ELSEWHERE));
    }

    @Test
    void aFileThatHoldsTheSecretsHashIsWrittenFromItsBeginning() throws Exception {
        try (var file = CallersFile.open(part.toString(), SECRET)) {
            assertThat(part).isEmptyFile();
            file.write("one".getBytes(UTF_8), 1, 2);
            file.write('!');
        }
        assertThat(part).hasContent("ne!");
    }

    @Test
    void itIsTakenOnce() throws Exception {
        CallersFile.open(part.toString(), SECRET).close();
        assertRefused(part.toString(), SECRET);
    }

    @Test
    void anotherSecretOrNoneIsRefusedAndNothingIsTouched() throws Exception {
        assertRefused(part.toString(), SECRET + "!");
        assertRefused(part.toString(), hash(SECRET));
        assertThat(part).hasContent(hash(SECRET));
        Files.writeString(part, hash(""));
        assertRefused(part.toString(), "");
        Files.writeString(part, hash("short"));
        assertRefused(part.toString(), "short");
        assertThat(part).hasContent(hash("short"));
    }

    @Test
    void moreOrLessThanTheHashIsRefused() throws Exception {
        for (var held : new String[] {"", hash(SECRET) + "\n", hash(SECRET).substring(1)}) {
            Files.writeString(part, held);
            assertRefused(part.toString(), SECRET);
            assertThat(Files.readString(part)).isEqualTo(held);
        }
    }

    @Test
    void whatIsNoFileOfThatNameIsRefused() throws Exception {
        var other = Files.copy(part, folder.resolve("rows.csv"));
        assertRefused(other.toString(), SECRET);
        assertRefused(Files.createDirectory(folder.resolve("folder.part")).toString(), SECRET);
        assertRefused(folder.resolve("missing.part").toString(), SECRET);
        assertRefused("rows.csv.part", SECRET);
        assertRefused("", SECRET);
        assertRefused("/a\0b.part", SECRET);
        assertThat(other).hasContent(hash(SECRET));
        assertThat(folder.resolve("missing.part")).doesNotExist();
    }

    @Test
    void aLinkIsRefused() throws Exception {
        var target = Files.copy(part, folder.resolve("elsewhere"));
        var link = Files.createSymbolicLink(folder.resolve("link.part"), target);
        assertRefused(link.toString(), SECRET);
        assertThat(target).hasContent(hash(SECRET));
    }
}

package dev.millrace.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.ObjectStores;
import dev.millrace.s3.S3Connector;
import dev.millrace.s3.S3Server;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which objects of a real S3 match a pattern.
class ObjectMatchesTest {
    private static String bucket;
    private static ObjectStore store;

    @BeforeAll
    static void start() {
        var server = S3Server.shared();
        bucket = server.newBucket("matches");
        for (var key :
                List.of(
                        "2026/01/a.csv",
                        "2026/01/b.csv",
                        "2026/01/b.csv.gz",
                        "2026/02/a.csv",
                        "2026/02/deep/er/a.csv",
                        "2025/12/a.csv",
                        "x.csv",
                        "x+y.csv",
                        "ä.csv",
                        "[odd].csv")) {
            server.put(bucket, key, new byte[] {1});
        }
        store =
                new S3Connector(HostRules.parse("127.0.0.1"))
                        .open(server.reach(), S3Server.secret());
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2026/01/*.csv, 2026/01/a.csv 2026/01/b.csv",
        "2026/*/a.csv, 2026/01/a.csv 2026/02/a.csv",
        "*/*/a.csv, 2025/12/a.csv 2026/01/a.csv 2026/02/a.csv",
        "2026/**.csv, 2026/01/a.csv 2026/01/b.csv 2026/02/a.csv 2026/02/deep/er/a.csv",
        "202[5-6]/[01][!1]/?.csv, 2025/12/a.csv 2026/02/a.csv",
        "x*.csv, x+y.csv x.csv",
        "x?y.csv, x+y.csv",
        "?.csv, x.csv ä.csv",
        "[[]odd*, [odd].csv",
        "**/er/*, 2026/02/deep/er/a.csv",
        "2026/0?/b.csv*, 2026/01/b.csv 2026/01/b.csv.gz",
    })
    void aPatternMatchesTheseObjectsInThisOrder(String pattern, String keys) {
        assertThat(ObjectMatches.of(store, new ObjectName(bucket, pattern)))
                .extracting(object -> object.name().key())
                .containsExactly(keys.split(" "));
    }

    @Test
    void whatMatchesIsWhatIsFetched() {
        var opened = new ObjectStores.Opened(new ConnectionId(UUID.randomUUID()), store);
        assertThat(FoundObjects.of(opened, "s3://%s/2026/01/*.csv".formatted(bucket)))
                .allSatisfy(each -> assertThat(each.connection()).isEqualTo(opened.connection()))
                .extracting(each -> each.object().name())
                .containsExactlyElementsOf(
                        ObjectMatches.of(store, new ObjectName(bucket, "2026/01/*.csv")).stream()
                                .map(object -> object.name())
                                .toList())
                .hasSizeGreaterThan(1);
        assertThat(
                        ReceivingSite.code(() ->
                                FoundObjects.of(opened, "s3://%s/*.parquet".formatted(bucket))))
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(
                        ReceivingSite.code(
                                () -> FoundObjects.of(opened, "s3://%s/[a".formatted(bucket))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }
}

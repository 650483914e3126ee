package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.ids;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Engines;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.embedded.Engine;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseServerTest {
    @Test
    void rowsThatItsDisksHaveNoRoomForAreRefusedWithHowMuchThereIs() {
        SINK.requireRoom(1);
        assertThatThrownBy(() -> SINK.requireRoom(Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
                            assertThat(e.what()).contains("9,223,372,036,854,775,807 are wanted");
                        });
    }

    @Test
    void aServerThatDiesIsUnavailableAndWhatItAcknowledgedIsThereAfterwards() throws Exception {
        var staging = open(model("id UInt64"));
        var batch = ids(staging.model(), 1, 10_000);
        SINK.write(staging, split(staging, 0), batch);
        var id = SINK.serverId();
        var process = Engines.process(Engine.CLICKHOUSE);
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> SINK.write(staging, split(staging, 1), batch))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CLICKHOUSE_UNAVAILABLE));
        awaitServer();
        SINK.write(staging, split(staging, 0), batch);
        assertThat(SINK.staged(staging)).isEqualTo(batch.digest());
        assertThat(SINK.serverId()).isEqualTo(id);
    }

    @Test
    void theServerIsRecentAndHasAnIdentity() {
        SINK.check();
        assertThat(SINK.serverId()).matches("[0-9a-f-]{36}/[0-9a-f-]{36}").doesNotEndWith("/0000");
    }

    @ParameterizedTest
    @CsvSource({"26.7.2.1,true", "25.8.1.1,true", "25.7.9.9,false", "18.16.1,false", "x,false"})
    void anOldServerIsTold(String version, boolean isRecent) {
        assertThat(ClickHouseSink.isRecent(version)).isEqualTo(isRecent);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 0x4CF2D2BAAE6DA887L})
    void theHashOfARowIsClickHouses(long row) {
        var digest = Digest.of(new long[] {row}, 1);
        assertThat(
                        number(
                                "SELECT reinterpretAsInt64(intHash64(reinterpretAsUInt64(toInt64('%d'))))"
                                        .formatted(row)))
                .isEqualTo(digest.rowHash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'", "\\", "`", "a\\'b", "ü𝄞", "x\u0001"})
    void aLiteralIsReadAsItWasWritten(String text) {
        var sql = "SELECT %s AS v".formatted(Sql.literal(text));
        assertThat(CONNECTION.<String>row(Statement.of(sql), r -> r.getString("v")))
                .isEqualTo(text);
    }

    /// Conditions that pass by themselves, by the names that this server gives their numbers.
    @ParameterizedTest
    @CsvSource({
        "159,TIMEOUT_EXCEEDED",
        "173,CANNOT_ALLOCATE_MEMORY",
        "202,TOO_MANY_SIMULTANEOUS_QUERIES",
        "209,SOCKET_TIMEOUT",
        "210,NETWORK_ERROR",
        "236,ABORTED",
        "241,MEMORY_LIMIT_EXCEEDED",
        "242,TABLE_IS_READ_ONLY",
        "252,TOO_MANY_PARTS",
        "341,UNFINISHED",
        "384,PART_IS_TEMPORARILY_LOCKED",
        "394,QUERY_WAS_CANCELLED",
        "439,CANNOT_SCHEDULE_TASK",
        "473,DEADLOCK_AVOIDED",
        "692,TOO_MANY_MUTATIONS",
        "733,TABLE_IS_BEING_RESTARTED",
        "745,SERVER_OVERLOADED"
    })
    void aConditionThatPassesIsTriedAgain(int code, String name) {
        assertThat(answer("SELECT errorCodeToName(%d)".formatted(code))).isEqualTo(name + "\n");
        var refusal = Refusal.parse("Code: %d. DB::Exception: Not now".formatted(code));
        assertThat(refusal.toException("millrace_staging", null).code())
                .isEqualTo(ErrorCode.CLICKHOUSE_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:secret@127.0.0.1:8123",
                "http://user:secret@under_score:8123",
                "http://secret@127.0.0.1:8123",
                "http://127.0.0.1:8123/?password=secret",
                "http://127.0.0.1:8123/?database=x&User=secret",
                "http://127.0.0.1:8123/?p%61ssword=secret"
            })
    void anAddressWithAUserOrAPasswordIsRefusedAndNotRepeated(String address) {
        var login = new ClickHouseSettings.Login("u", "p");
        var endpoint = URI.create(address);
        assertThatThrownBy(() -> ClickHouseSettings.of(endpoint, login, login))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                            assertThat(e.getMessage()).doesNotContain("secret");
                            assertThat(e.remedy())
                                    .contains("clickhouse.user", "clickhouse.password");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8123", "https://ch.example/?compress=1&a=user"})
    void anAddressWithoutThemIsTaken(String address) {
        var login = new ClickHouseSettings.Login("u", "p");
        assertThat(ClickHouseSettings.of(URI.create(address), login, login).endpoint())
                .hasToString(address);
    }

    private static void awaitServer() {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                SINK.check();
                return;
            } catch (MillraceException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CLICKHOUSE_UNAVAILABLE);
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(50_000_000);
            }
        }
    }
}

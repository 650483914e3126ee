package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.next;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.openStaging;
import static dev.millrace.clickhouse.Fixture.publish;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.split;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Batch;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobId;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {
    private static final String ATTACH = "ALTER TABLE {t} ATTACH PARTITION ALL FROM {s}";
    private static final String REMOVE_HALF =
            "ALTER TABLE {t} DELETE WHERE _millrace_job = '{j}' AND id % 2 = 0"
                    + " SETTINGS mutations_sync = 2";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ATTACH,
                ATTACH + ";" + ATTACH,
                ATTACH + ";" + REMOVE_HALF,
                ATTACH + ";" + REMOVE_HALF + ";" + ATTACH
            })
    void fromEveryStateThatAnEarlierAttemptCanLeaveTheRowsAreThereOnce(String left) {
        var model = model(List.of("id"), "p", "id UInt64", "p UInt8");
        var neighbour = loaded(model, 1000);
        publish(neighbour, SINK.staged(neighbour));
        var staging = loaded(model, 300);
        for (var sql : left.isEmpty() ? List.<String>of() : List.of(left.split(";", -1))) {
            execute(
                    sql.replace("{t}", quoted(model))
                            .replace("{s}", quoted(staging))
                            .replace("{j}", staging.job().uuid().toString()));
        }
        var expected = SINK.staged(staging);
        publish(staging, expected);
        publish(staging, expected);
        assertThat(published(staging.job(), model)).isEqualTo(expected);
        assertThat(published(neighbour.job(), model)).isEqualTo(SINK.staged(neighbour));
        assertThat(number("SELECT count() FROM " + quoted(model))).isEqualTo(1300);
        assertThat(SINK.staged(staging)).isEqualTo(expected);
    }

    @Test
    void whatIsNeitherExpectedNorRepairableIsUncertainAndSaysWhereToLook() {
        var staging = loaded(model("id UInt64", "p UInt8"), 10);
        var expected = new Digest(11, 66, 0);
        assertThatThrownBy(() -> publish(staging, expected))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN);
                            var remedy = String.valueOf(e.remedy());
                            assertThat(answer(remedy.substring(remedy.indexOf("SELECT"))))
                                    .startsWith("10\t55\t");
                        });
    }

    @Test
    void withoutStagingWhatIsThereWholeIsFinishedAndAllElseIsLeftAlone() {
        var model = model("id UInt64", "p UInt8");
        var whole = loaded(model, 10);
        var rows = SINK.staged(whole);
        publish(whole, rows);
        execute("DROP TABLE %s SYNC".formatted(quoted(whole)));
        publish(whole, rows);
        var missing = loaded(model, 20);
        var expected = SINK.staged(missing);
        execute("DROP TABLE %s SYNC".formatted(quoted(missing)));
        assertThatThrownBy(() -> publish(missing, expected))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STAGING_MISSING));
        assertThat(number("SELECT count() FROM " + quoted(model))).isEqualTo(10);
    }

    @Test
    void aSplitThatIsTwiceInStagingBecauseItsTokensAreGoneIsSeenByTheAudit() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 10);
        var written = SINK.staged(staging);
        execute(
                "ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = 0"
                        .formatted(quoted(staging)));
        execute(
                "ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = 1000000"
                        .formatted(quoted(staging)));
        SINK.write(staging, split(staging, 0), rows(model, 10));
        assertThat(SINK.staged(staging)).isEqualTo(written.plus(written));
    }

    @Test
    void aSplitThatStagingHasLostIsNotPublishedAsSuccess() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 10);
        var written = SINK.staged(staging);
        execute(
                "ALTER TABLE %s DELETE WHERE id > 5 SETTINGS mutations_sync = 2"
                        .formatted(quoted(staging)));
        assertThat(SINK.staged(staging)).isNotEqualTo(written);
        assertThatThrownBy(() -> publish(staging, written))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN));
    }

    @Test
    void anOwnerWhoseEpochHasPassedPublishesAndDeletesNothing() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 10);
        var later = staging.withEpoch(1);
        SINK.fence(later);
        var expected = SINK.staged(later);
        assertThatThrownBy(() -> publish(staging, expected))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STAGING_MISSING));
        execute(ATTACH.replace("{t}", quoted(model)).replace("{s}", quoted(later)));
        execute(ATTACH.replace("{t}", quoted(model)).replace("{s}", quoted(later)));
        assertThatThrownBy(() -> publish(staging, expected))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STAGING_MISSING));
        assertThat(number("SELECT count() FROM " + quoted(model))).isEqualTo(20);
    }

    @Test
    void stagingGetsTheColumnsThatItsTableGotSince() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 2);
        SINK.prepare(next(model, "id UInt64", "p UInt8", "later Nullable(String)"));
        execute("ALTER TABLE %s ADD COLUMN d UInt8 DEFAULT 7".formatted(quoted(model)));
        execute("ALTER TABLE %s ADD INDEX i p TYPE minmax".formatted(quoted(model)));
        publish(staging, SINK.staged(staging));
        assertThat(answer("SELECT * FROM %s ORDER BY id".formatted(quoted(model))))
                .isEqualTo("1\t1\t\\N\t7\n2\t2\t\\N\t7\n");
    }

    @Test
    void aColumnThatTheRowsHaveNoValueForStopsThePublish() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 2);
        SINK.prepare(next(model, "id UInt64", "p UInt8", "exact UInt64"));
        assertThatThrownBy(() -> publish(staging, SINK.staged(staging)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.MODEL_CHANGE_REFUSED);
                            assertThat(e).hasMessageContaining("'exact' UInt64");
                        });
        assertThat(number("SELECT count() FROM " + quoted(model))).isZero();
    }

    @Test
    void anEarlierVersionsRowsGetNoValueThatNobodyMeant() {
        var model = model("id UInt64", "p UInt8");
        SINK.prepare(model);
        SINK.prepare(next(model, "id UInt64", "p UInt8", "exact UInt64"));
        assertThatThrownBy(() -> open(new JobId(UUID.randomUUID()), model))
                .satisfies(PublicationTest::refusesTheColumnExact);
    }

    @Test
    void aColumnThatStagingHasTooButItsRowsHaveNoValueForStopsThePublish() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 2);
        SINK.prepare(next(model, "id UInt64", "p UInt8", "exact UInt64"));
        execute("ALTER TABLE %s ADD COLUMN exact UInt64".formatted(quoted(staging)));
        assertThatThrownBy(() -> publish(staging, SINK.staged(staging)))
                .satisfies(PublicationTest::refusesTheColumnExact);
        assertThat(number("SELECT count() FROM " + quoted(model))).isZero();
    }

    @Test
    void anEarlierVersionsRowsAreNullInTheNullableColumnsOfALaterOne() {
        var model = model("id UInt64", "p UInt8");
        SINK.prepare(model);
        SINK.prepare(next(model, "id UInt64", "p UInt8", "later Nullable(String)"));
        var staging = open(new JobId(UUID.randomUUID()), model);
        SINK.write(staging, split(staging, 0), rows(model, 1));
        publish(staging, SINK.staged(staging));
        assertThat(answer("SELECT * FROM " + quoted(model))).isEqualTo("1\t1\t\\N\n");
    }

    @Test
    void aColumnThatTheTableHasLostIsAnErrorAndItsValuesAreNotDropped() {
        var model = model("id UInt64", "p UInt8");
        SINK.prepare(model);
        execute("ALTER TABLE %s DROP COLUMN p".formatted(quoted(model)));
        var staging = open(new JobId(UUID.randomUUID()), model);
        assertThatThrownBy(() -> SINK.write(staging, split(staging, 0), rows(model, 1)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CLICKHOUSE_REFUSED));
    }

    private static void refusesTheColumnExact(Throwable e) {
        assertThat(e)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        m -> assertThat(m.code()).isEqualTo(ErrorCode.MODEL_CHANGE_REFUSED))
                .hasMessageContaining("'exact' UInt64");
    }

    @Test
    void theLineageColumnsAreThereButNotInSelectStar() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 1);
        publish(staging, SINK.staged(staging));
        assertThat(answer("SELECT * FROM " + quoted(model))).isEqualTo("1\t1\n");
        assertThat(answer("SELECT _millrace_job, _millrace_row FROM " + quoted(model)))
                .isEqualTo("%s\t1\n".formatted(staging.job().uuid()));
    }

    @Test
    void aRowCarriesItsJobAlsoAfterMergesInTheTable() {
        var model = model(List.of("id"), null, "id UInt64", "p UInt8");
        var jobs = List.of(loaded(model, 50), loaded(model, 60), loaded(model, 70));
        jobs.forEach(j -> publish(j, SINK.staged(j)));
        execute("OPTIMIZE TABLE %s FINAL".formatted(quoted(model)));
        assertThat(jobs)
                .allSatisfy(j -> assertThat(published(j.job(), model)).isEqualTo(SINK.staged(j)));
    }

    @Test
    void theTableHoldsNothingOfAJobThatNeverPublished() {
        var model = model("id UInt64");
        SINK.prepare(model);
        assertThat(published(new JobId(UUID.randomUUID()), model)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void discardRemovesStagingOfAllAttemptsAndOfNoOtherJob() {
        var model = model("id UInt64", "p UInt8");
        var staging = loaded(model, 3);
        var second = new Staging(staging.job(), 1, 2, 4, model);
        openStaging(second);
        var other = loaded(model, 3);
        SINK.discard(staging.job());
        SINK.discard(staging.job());
        assertThat(SINK.isOpen(staging)).isFalse();
        assertThat(SINK.isOpen(second)).isFalse();
        assertThat(SINK.isOpen(other)).isTrue();
    }

    /// A job's open staging, whatever has become of its model's table meanwhile.
    private static Staging open(JobId job, Model model) {
        var staging = new Staging(job, 1, 1, 0, model);
        openStaging(staging);
        return staging;
    }

    private static Staging loaded(Model model, int rows) {
        var staging = Fixture.open(model);
        SINK.write(staging, split(staging, 0), rows(model, rows));
        return staging;
    }

    private static Batch rows(Model model, int rows) {
        var batch = new BatchRows(model.definition().columns());
        for (var i = 1; i <= rows; i++) {
            batch.add(i, i, i % 5);
        }
        return batch.batch();
    }
}

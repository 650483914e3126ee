package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.latest;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.open;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.UserTable.throughViews;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.NotedInMemory;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.JobId;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThroughViewsTest {
    @Test
    void aTableWithViewsIsNotAttachedTo() {
        var model = ours();
        var view = view(quoted(model));
        assertThatThrownBy(() -> open(model))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.TABLE_HAS_VIEWS);
                            assertThat(e.remedy()).contains("--through-views");
                        })
                .hasMessageContaining(view);
    }

    @Test
    void aViewThatComesDuringALoadStopsItsPublish() {
        var model = ours();
        var load = load(model, 100);
        view(quoted(model));
        var without = Fixture.load(load.staging(), load.written());
        assertRefused(() -> SINK.publish(without, new NotedInMemory()), ErrorCode.TABLE_HAS_VIEWS);
        assertThat(number("SELECT count() FROM " + quoted(model))).isZero();
    }

    @Test
    void aViewThatComesBehindTheAttachDoesNotMatterAnyMore() {
        var model = ours();
        var load = load(model, 100);
        var attached = Fixture.load(load.staging(), load.written());
        SINK.publish(attached, new NotedInMemory());
        view(quoted(model));
        SINK.publish(attached, new NotedInMemory());
        assertThat(published(load.job(), model)).isEqualTo(load.written());
    }

    @ParameterizedTest
    @EnumSource(
            value = LoadMode.class,
            names = {"REPLACE", "REPLACE_PARTITIONS", "UPSERT"})
    void otherModesDoNotGoThroughViews(LoadMode mode) {
        var model = ours();
        var load = load(model, 1);
        view(quoted(model));
        var other = new Publishable(load.staging(), load.written(), load.options().with(mode));
        assertRefused(() -> SINK.open(other), ErrorCode.TABLE_HAS_VIEWS);
    }

    @Test
    void throughViewsTheRowsAreInTheTableAndInTheViewsOnce() {
        var model = ours();
        var view = view(quoted(model));
        var load = load(model, 5000);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        SINK.publish(load, journal);
        SINK.publish(load, new NotedInMemory());
        assertThat(published(load.job(), model)).isEqualTo(load.written());
        assertThat(number("SELECT sum(n) FROM " + view)).isEqualTo(5000);
        assertThat(
                        number(
                                "SELECT count() FROM system.parts WHERE level = 0 AND table = '%s'"
                                        .formatted(model.table())))
                .as("one block")
                .isEqualTo(1);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.ALL);
    }

    @Test
    void withoutViewsTheRowsAreAttachedAsEver() {
        var model = ours();
        var load = load(model, 10);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        assertThat(journal.last()).isEmpty();
        SINK.undo(load, journal);
        assertThat(published(load.job(), model)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void aUsersTableGetsTheRowsThroughItsViewsOnce() {
        var table = UserTable.of("ReplacingMergeTree ORDER BY id");
        var view = view(table.quoted());
        var load = load(table.model(), 100);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        SINK.publish(load, journal);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.ALL);
        assertThat(table.rows()).isEqualTo(100);
        assertThat(number("SELECT sum(n) FROM " + view)).isEqualTo(100);
        assertRefused(() -> SINK.undo(load, journal), ErrorCode.UNDO_REFUSED);
    }

    @Test
    void anInsertIntoAUsersTableThatWasBrokenOffIsUncertain() {
        var table = UserTable.of("MergeTree ORDER BY id");
        view(table.quoted());
        var load = load(table.model(), 100);
        var journal = new NotedInMemory();
        journal.note("insert");
        assertThat(SINK.held(load, journal)).isEqualTo(Held.UNKNOWN);
        assertRefused(() -> SINK.publish(load, journal), ErrorCode.PUBLISH_UNCERTAIN);
        assertThat(table.rows()).isZero();
    }

    @Test
    void anInsertThatWasBrokenOffWithoutARowIsBegunAgain() {
        var model = ours();
        var view = view(quoted(model));
        var load = load(model, 100);
        var journal = new NotedInMemory();
        journal.note("insert");
        SINK.publish(load, journal);
        assertThat(published(load.job(), model)).isEqualTo(load.written());
        assertThat(number("SELECT sum(n) FROM " + view)).isEqualTo(100);
    }

    @Test
    void anInsertThatWasBrokenOffWithSomeRowsIsTakenOutAndTheViewsAreNamed() {
        var model = ours();
        var view = view(quoted(model));
        var load = load(model, 100);
        execute(
                """
                INSERT INTO %s (id, p, _millrace_job, _millrace_row)
                SELECT id, p, _millrace_job, _millrace_row FROM %s WHERE id < 50
                SETTINGS insert_allow_materialized_columns = 1\
                """
                        .formatted(quoted(model), Fixture.quoted(load.staging())));
        var journal = new NotedInMemory();
        journal.note("insert");
        assertThatThrownBy(() -> SINK.publish(load, journal))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PUBLISH_UNCERTAIN))
                .hasMessageContaining(view);
        assertThat(published(load.job(), model)).isEqualTo(Digest.EMPTY);
        assertThat(SINK.held(load, journal)).isEqualTo(Held.NOTHING);
    }

    @Test
    void undoIsRefusedBecauseTheViewsKeepWhatTheyMade() {
        var model = ours();
        view(quoted(model));
        var load = load(model, 100);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        assertRefused(() -> SINK.undo(load, journal), ErrorCode.UNDO_REFUSED);
        assertThat(published(load.job(), model)).isEqualTo(load.written());
    }

    @Test
    void whatWasAttachedBeforeThereWereViewsIsUndoneExactly() {
        var model = ours();
        var load = load(model, 100);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        view(quoted(model));
        SINK.publish(load, journal);
        assertThat(published(load.job(), model)).isEqualTo(load.written());
        SINK.undo(load, journal);
        assertThat(published(load.job(), model)).isEqualTo(Digest.EMPTY);
    }

    @Test
    void whatWasAttachedToAUsersTableIsNotInsertedWhenAViewComes() {
        var table = UserTable.of("MergeTree ORDER BY id");
        var load = load(table.model(), 100);
        var journal = new NotedInMemory();
        SINK.publish(load, journal);
        view(table.quoted());
        SINK.publish(load, journal);
        assertThat(table.rows()).isEqualTo(100);
    }

    @Test
    void latestRowsNeverGoThroughViews() {
        var model = latest(List.of("id"), null, "id UInt64", "p UInt8");
        var load = load(model, 100);
        view(quoted(model));
        assertRefused(() -> SINK.publish(load, new NotedInMemory()), ErrorCode.TABLE_HAS_VIEWS);
        assertThat(number("SELECT count() FROM " + quoted(model))).isZero();
    }

    @Test
    void manyBlocksAreInsertedInTheOrderOfTheFile() {
        var model = ours();
        var view = view(quoted(model));
        var load = load(model, 3_000_000);
        SINK.publish(load, new NotedInMemory());
        assertThat(published(load.job(), model)).isEqualTo(load.written());
        assertThat(number("SELECT sum(n) FROM " + view)).isEqualTo(3_000_000);
        assertThat(
                        number(
                                "SELECT max(rows) FROM system.parts WHERE level = 0 AND table = '%s'"
                                        .formatted(model.table())))
                .isLessThanOrEqualTo(2 << 20);
    }

    private static Model ours() {
        var model = model(List.of("id"), null, "id UInt64", "p UInt8");
        SINK.prepare(model);
        return model;
    }

    /// A view that counts by partition, and where it does so.
    private static String view(String table) {
        var name = "v_" + UUID.randomUUID().toString().replace("-", "");
        execute(
                "CREATE TABLE millrace.%s_n (p UInt8, n UInt64) ENGINE = SummingMergeTree ORDER BY p"
                        .formatted(name));
        execute(
                "CREATE MATERIALIZED VIEW millrace.%s TO millrace.%1$s_n AS SELECT p, count() AS n FROM %s GROUP BY p"
                        .formatted(name, table));
        return "millrace." + name;
    }

    private static Publishable load(Model model, int rows) {
        SINK.prepare(model);
        var staging = new Staging(new JobId(UUID.randomUUID()), 1, 1, 0, model);
        SINK.open(throughViews(staging, Digest.EMPTY));
        execute(
                """
                INSERT INTO %s (id, p, _millrace_row)
                SELECT number, number %% 4, number FROM numbers(1, %d)
                SETTINGS insert_allow_materialized_columns = 1, max_insert_threads = 1\
                """
                        .formatted(Fixture.quoted(staging), rows));
        return throughViews(staging, SINK.staged(staging));
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}

package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.latest;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.JobId;
import dev.millrace.core.Model;
import dev.millrace.core.Staging;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StagingDeclarationTest {
    @Test
    void madeByOneStatementItIsAsIfMadeStepByStep() {
        assertSame(model("id UInt64"));
        assertSame(
                model(
                        List.of("id", "p"),
                        "p",
                        "id UInt64",
                        "p UInt16",
                        "an `odd, (name) UInt8",
                        "e Enum8('a,MATERIALIZED'=1,'`_millrace_job`'=2)",
                        "l LowCardinality(String)"));
    }

    @Test
    void soItIsWhereOnlyTheLatestRowOfEachKeyIsKept() {
        assertSame(latest(List.of("id", "p"), "p", "id UInt64", "p UInt16"));
        assertSame(latest(List.of("id"), null, "id UInt64"));
    }

    @Test
    void soItIsWhereTheTableGotWhatNoModelSays() {
        var model = model(List.of("id"), null, "id UInt64", "p UInt16");
        SINK.prepare(model);
        execute(
                "ALTER TABLE %s ADD COLUMN c String DEFAULT 'x' COMMENT 'it''s' CODEC(ZSTD(3))"
                        .formatted(quoted(model)));
        execute("ALTER TABLE %s ADD INDEX i p TYPE minmax".formatted(quoted(model)));
        execute(
                "ALTER TABLE %s ADD PROJECTION pr (SELECT p, count() GROUP BY p)"
                        .formatted(quoted(model)));
        execute(
                "ALTER TABLE %s MODIFY SETTING merge_max_block_size = 4096"
                        .formatted(quoted(model)));
        assertSame(model);
    }

    @Test
    void soItIsForATableOfAnEarlierBuild() {
        assertSame(Fixture.earlier(model(List.of("id"), "p", "id UInt64", "p UInt16")));
    }

    /// Then it is made step by step.
    @Test
    void thereIsNoSuchStatementForATableThatIsNotAsMillraceMakesIt() {
        assertThat(declarationAfter("MODIFY TTL toDate(p) + INTERVAL 90 YEAR")).isEmpty();
        assertThat(declarationAfter("MODIFY COMMENT 'mine'")).isEmpty();
        assertThat(declarationAfter("MODIFY SETTING assign_part_uuids = 1")).isEmpty();
        assertThat(declarationAfter("COMMENT COLUMN _millrace_job 'mine'")).isEmpty();
        assertThat(
                        declarationAfter(
                                "COMMENT COLUMN id '`_millrace_job` %s MATERIALIZED 1,'"
                                        .formatted(Lineage.JOB_TYPE)))
                .isEmpty();
        assertThat(
                        declarationAfter(
                                "MODIFY COLUMN _millrace_job %s MATERIALIZED generateUUIDv4()"
                                        .formatted(Lineage.JOB_TYPE)))
                .isEmpty();
    }

    @Test
    void stagingIsOpenedAlsoThen() {
        var model = model("id UInt64", "p UInt16");
        SINK.prepare(model);
        execute("ALTER TABLE %s MODIFY COMMENT 'mine'".formatted(quoted(model)));
        var staging = staging(model);
        Fixture.openStaging(staging);
        assertThat(SINK.isOpen(staging)).isTrue();
    }

    private static Optional<String> declarationAfter(String alteration) {
        var model = model("id UInt64", "p UInt16");
        SINK.prepare(model);
        execute("ALTER TABLE %s %s".formatted(quoted(model), alteration));
        return declaration(staging(model));
    }

    private static Optional<String> declaration(Staging staging) {
        var target = new TargetTable(CONNECTION, staging.model());
        return StagingDeclaration.of(
                staging,
                new StagingTable(CONNECTION, staging).tableName(),
                target.tableName(),
                target.layout());
    }

    private static void assertSame(Model model) {
        SINK.prepare(model);
        var staging = staging(model);
        var table = new StagingTable(CONNECTION, staging);
        assertThat(declaration(staging)).isPresent();

        Fixture.openStaging(staging);
        var whole = definition(table);
        execute("DROP TABLE %s SYNC".formatted(table.name()));
        var target = new TargetTable(CONNECTION, model);
        table.createByRename(target, target.layout());

        assertThat(whole).isEqualTo(definition(table));
    }

    private static String definition(StagingTable table) {
        var name = table.tableName();
        return TableIdentity.read(CONNECTION, name.database(), name.table())
                .orElseThrow()
                .definition();
    }

    private static Staging staging(Model model) {
        return new Staging(new JobId(UUID.randomUUID()), 7, 1, 0, model);
    }
}

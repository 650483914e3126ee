package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.CONNECTION;
import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.execute;
import static dev.millrace.clickhouse.Fixture.number;
import static dev.millrace.clickhouse.Fixture.split;

import dev.millrace.NotedInMemory;
import dev.millrace.core.Digest;
import dev.millrace.core.Held;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.Journal;
import dev.millrace.core.LoadMode;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.Model;
import dev.millrace.core.Publishable;
import dev.millrace.core.Staging;
import java.util.UUID;

/// A table that a user has made, with the columns `id UInt64` and `p UInt8`, or others; and loads
/// into it.
record UserTable(String name) {
    static UserTable of(String columns, String engine) {
        var name = "user_" + UUID.randomUUID().toString().replace("-", "");
        execute("CREATE TABLE millrace.%s (%s) ENGINE = %s".formatted(name, columns, engine));
        return new UserTable(name);
    }

    static UserTable of(String engine) {
        return of("id UInt64, p UInt8", engine);
    }

    String quoted() {
        return Sql.identifier("millrace", name);
    }

    Model model() {
        return Fixture.existing(name, "id UInt64", "p UInt8");
    }

    /// A load of ids from 1 on, spread over four partitions.
    Load load(int rows) {
        var model = model();
        var staging = Fixture.open(model);
        var batch = new BatchRows(model.definition().columns());
        for (var i = 1; i <= rows; i++) {
            batch.add(i, (long) i, i % 4);
        }
        SINK.write(staging, split(staging, 0), batch.batch());
        return new Load(
                new Publishable(staging, SINK.staged(staging), LoadOptions.DEFAULT),
                new NotedInMemory());
    }

    /// A load and what its owner has noted.
    record Load(Publishable what, Journal journal) {
        void publish() {
            SINK.publish(what, journal);
        }

        Held held() {
            return SINK.held(what, journal);
        }

        /// As somebody does who dies behind the attach.
        void attachAndDie() {
            attach(journal);
        }

        /// As somebody does who dies behind noting what he is about to attach.
        void noteAndDie() {
            prepare(journal);
        }

        private void attach(Journal into) {
            prepare(into);
            execute(
                    "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                            .formatted(
                                    new TargetTable(CONNECTION, what.model()).name(),
                                    new StagingTable(CONNECTION, what.staging()).name()));
        }

        private void prepare(Journal into) {
            var source = new StagingTable(CONNECTION, what.staging());
            source.dropRowNumbers();
            var before = new TargetTable(CONNECTION, what.model()).parts().lastBlock();
            into.note(PartsNote.before(before, source.settledParts()).text());
        }

        Load with(LoadMode mode) {
            return new Load(
                    new Publishable(what.staging(), what.written(), what.options().with(mode)),
                    journal);
        }
    }

    void insert(int from, int count) {
        execute(
                "INSERT INTO %s SELECT number, number %% 4 FROM numbers(%d, %d)"
                        .formatted(quoted(), from, count));
    }

    long rows() {
        return number("SELECT count() FROM " + quoted());
    }

    /// Its rows in order.
    String content() {
        return answer("SELECT * FROM %s ORDER BY ALL".formatted(quoted()));
    }

    static Publishable throughViews(Staging staging, Digest written) {
        return new Publishable(
                staging,
                written,
                new LoadOptions(LoadMode.APPEND, IfLoaded.REFUSE, MaxRejected.NO_LIMIT, true));
    }
}

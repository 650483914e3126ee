package dev.millrace.clickhouse;

import dev.millrace.core.CrashPoint;
import dev.millrace.core.Digest;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Publishable;
import java.util.Optional;
import java.util.UUID;

/// Rows that take the place of all that are there, at one moment. They are attached to an empty
/// copy of the table, which then trades names with it: afterwards the copy's name leads to the rows
/// that were there, and undo trades back.
///
/// Which of the two is which is told by their UUIDs alone ([Exchange]). The fence before each
/// attempt gives the copy a new name, so that a trade which an earlier owner sent comes to nothing,
/// and what is then asked stays true.
final class ReplaceTable implements Publishing {
    private final Digest written;
    private final Journal journal;
    private final StagingTable source;
    private final TargetTable target;
    private final KeptTable kept;
    private final PublishedRows rows;
    private final TableLayout layout;

    ReplaceTable(ClickHouseConnection connection, Publishable load, Journal journal) {
        this.written = load.written();
        this.journal = journal;
        this.source = new StagingTable(connection, load.staging());
        this.target = new TargetTable(connection, load.model());
        this.kept = new KeptTable(connection, load.staging());
        this.rows = new PublishedRows(connection, load);
        this.layout = target.layout();
    }

    /// Which tables have the two names.
    private record Names(UUID target, Optional<UUID> kept) {
        boolean isKept(UUID table) {
            return kept.filter(table::equals).isPresent();
        }
    }

    private Names names() {
        return new Names(target.identity().uuid(), kept.identity().map(TableIdentity::uuid));
    }

    @Override
    public Held held() {
        var noted = Exchange.noted(journal);
        if (noted.isEmpty()) {
            return Held.NOTHING;
        }
        var exchange = noted.get();
        var names = names();
        if (names.target().equals(exchange.after())) {
            return layout.keepsLatest() || rows.digest().equals(written) ? Held.ALL : Held.UNKNOWN;
        }
        // somebody gave the name to a third table, behind the exchange
        return names.isKept(exchange.before()) ? Held.UNKNOWN : Held.NOTHING;
    }

    @Override
    public void publish() {
        switch (CrashPoint.REPLACE_ASK.get(this::held)) {
            case ALL -> {}
            case NOTHING -> {
                var exchange = prepare();
                CrashPoint.REPLACE_NOTE.run(() -> exchange.note(journal));
                exchange(CrashPoint.REPLACE_EXCHANGE);
                requirePublished();
            }
            case PART, UNKNOWN ->
                    throw rows.uncertain(
                            "was replaced, and is not what took its place any more, or not whole");
        }
    }

    /// Makes the copy anew, whatever has been prepared of it: the table may have other columns by
    /// now.
    private Exchange prepare() {
        CrashPoint.REPLACE_BRING_UP.run(() -> source.bringUpTo(target));
        CrashPoint.REPLACE_DROP.run(kept::drop);
        var before = target.identity();
        var copy = CrashPoint.REPLACE_CREATE.get(() -> kept.create(target));
        rows.execute(
                CrashPoint.REPLACE_ATTACH,
                "ALTER TABLE %s ATTACH PARTITION ALL FROM %s"
                        .formatted(kept.name(), source.name()));
        requireWhole();
        if (!copy.definition().equals(target.identity().definition())) {
            throw new MillraceException(
                    ErrorCode.CLICKHOUSE_UNAVAILABLE,
                    "The table %s was altered while it was to be replaced"
                            .formatted(target.name()));
        }
        return new Exchange(before.uuid(), copy.uuid());
    }

    private void requirePublished() {
        if (layout.keepsLatest()) {
            if (CrashPoint.PUBLISH_VERIFY.get(this::held) != Held.ALL) {
                throw rows.uncertain("is not the table that was to take its place");
            }
        } else {
            rows.require(CrashPoint.PUBLISH_VERIFY, written, "after it was replaced");
        }
    }

    /// Of a table that merges rows the parts are counted, which stay listed behind a merge.
    private void requireWhole() {
        if (layout.keepsLatest()) {
            var staged = PartsNote.before(0, source.settledParts());
            if (CrashPoint.REPLACE_VERIFY.get(() -> staged.held(kept.parts())) != Held.ALL) {
                throw new MillraceException(
                        ErrorCode.AUDIT_FAILED,
                        "The table %s was not replaced: %s has not all of the load's parts"
                                .formatted(target.name(), kept.name()));
            }
            return;
        }
        var prepared = CrashPoint.REPLACE_VERIFY.get(kept::digest);
        if (!prepared.equals(written)) {
            throw new MillraceException(
                    ErrorCode.AUDIT_FAILED,
                    "The table %s was not replaced: %s holds %s, not %s"
                            .formatted(target.name(), kept.name(), prepared, written));
        }
    }

    private void exchange(CrashPoint at) {
        rows.execute(at, "EXCHANGE TABLES %s AND %s".formatted(target.name(), kept.name()));
    }

    @Override
    public void undo() {
        var exchange = Exchange.noted(journal).orElseThrow(rows::notKept);
        var names = CrashPoint.UNDO_ASK.get(this::names);
        if (!names.target().equals(exchange.before())) {
            requireExact(exchange, names);
            exchange(CrashPoint.UNDO_EXCHANGE);
            if (!target.identity().uuid().equals(exchange.before())) {
                throw rows.uncertain(
                        "is not the table that was replaced, after it was brought back");
            }
        }
        CrashPoint.UNDO_DROP.run(kept::drop);
    }

    /// Nothing may be lost by the way back but the load's own rows.
    private void requireExact(Exchange exchange, Names names) {
        if (!names.isKept(exchange.before())) {
            throw rows.notKept();
        }
        if (!names.target().equals(exchange.after())) {
            throw rows.undoRefused(
                    "%s is not the table any more that it made".formatted(target.name()));
        }
        var others = rows.others();
        if (others > 0) {
            throw rows.undoRefused(
                    "%s has got %,d rows of others since".formatted(target.name(), others));
        }
        CrashPoint.UNDO_BRING_UP.run(() -> kept.bringUpTo(target));
        if (!kept.isLike(target)) {
            throw rows.undoRefused("%s was altered since".formatted(target.name()));
        }
    }
}

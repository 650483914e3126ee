package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.Limits;
import dev.millrace.core.Model;
import dev.millrace.core.ModelId;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is proposed for some sources, and how many of their rows a load with that rejects.
record Inferred(Proposal proposal, long rejected) {
    static final SourceOptions COMMAS = new SourceOptions(null, ',', '"');

    static Inferred of(String text) {
        return of(text, COMMAS);
    }

    static Inferred of(String text, SourceOptions asked) {
        return of(List.of(text), asked);
    }

    /// Of several sources, called `0`, `1` and so on.
    static Inferred of(List<String> texts, SourceOptions asked) {
        return ofBytes(texts.stream().map(text -> text.getBytes(UTF_8)).toList(), asked);
    }

    static Inferred ofBytes(List<byte[]> sources, SourceOptions asked) {
        var proposal = new Infer(1, Parts::next).propose(feed(sources, asked));
        var rejected = 0L;
        for (var i = 0; i < sources.size(); i++) {
            rejected += rejected(i, sources.get(i), proposal, asked);
        }
        return new Inferred(proposal, rejected);
    }

    private static SourceFeed feed(List<byte[]> sources, SourceOptions asked) {
        return new SourceFeed() {
            private int next;

            @Override
            public @Nullable Sent next() {
                if (next == sources.size()) {
                    return null;
                }
                var in = new ByteArrayInputStream(sources.get(next));
                return new Sent("" + next++, in, asked, false);
            }

            @Override
            public boolean mayBeSeveral() {
                return sources.size() > 1;
            }
        };
    }

    /// One column, named `c`.
    static Inferred ofColumn(List<String> fields) {
        return of("c,end\n" + String.join(",x\n", fields) + ",x\n");
    }

    /// As a load reads it.
    private static long rejected(
            int ordinal, byte[] bytes, Proposal proposal, SourceOptions asked) {
        var columns = asked.columns();
        var definition = proposal.definition();
        var options =
                columns != null && columns.isEmpty()
                        ? asked.with(definition.columns().stream().map(Column::name).toList())
                        : asked;
        Validator.check(definition);
        var model =
                new Model(
                        new ModelId(new java.util.UUID(0, 0)),
                        "m",
                        1,
                        definition,
                        "owner",
                        "default",
                        Instant.EPOCH);
        var rejected = 0L;
        try (var decoder =
                SourceDecoder.open(new ByteArrayInputStream(bytes), options, Parts::next)) {
            var cutter =
                    Cutter.open(decoder, options, Limits.MAX_RECORD_BYTES, SplitSizes.STANDARD);
            var reading = HeaderMatch.matched(cutter.reading(), definition);
            var refused = HeaderMatch.refusedKeys(reading, definition);
            var validator = new Validator(model, ordinal, reading.header());
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records =
                        RecordReader.open(
                                reading,
                                cut.bytes(),
                                0,
                                cut.length(),
                                cut.firstRow(),
                                Limits.MAX_RECORD_BYTES,
                                refused);
                rejected +=
                        validator.validate(records, cut.records(), cut.length(), 100).rejected();
            }
        }
        return rejected;
    }

    Column column() {
        return proposal.definition().columns().getFirst();
    }

    /// `name Type`, in the model's order.
    List<String> columns() {
        return proposal.definition().columns().stream()
                .map(column -> column.name() + " " + column.type().name())
                .toList();
    }

    /// What led to a column.
    ColumnEvidence evidence(String column) {
        return proposal.columns().stream()
                .filter(evidence -> evidence.column().equals(column))
                .findFirst()
                .orElseThrow();
    }

    String type() {
        return column().type().name();
    }

    ColumnEvidence evidence() {
        return proposal.columns().getFirst();
    }
}

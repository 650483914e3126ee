package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.Limits;
import dev.millrace.core.Model;
import dev.millrace.core.ModelId;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.RecordCutter;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;

/// A source's text, what is proposed for it, and what a load with that rejects.
record Inferred(Proposal proposal, long rejected) {
    static final SourceOptions COMMAS = new SourceOptions(null, ',', '"');

    static Inferred of(String text) {
        return of(text, COMMAS);
    }

    static Inferred of(String text, SourceOptions asked) {
        var bytes = text.getBytes(UTF_8);
        var proposal =
                new Infer(1, Parts::next).propose(new ByteArrayInputStream(bytes), asked, false);
        return new Inferred(proposal, rejected(bytes, proposal, asked));
    }

    /// One column, named `c`.
    static Inferred ofColumn(List<String> fields) {
        return of("c,end\n" + String.join(",x\n", fields) + ",x\n");
    }

    private static long rejected(byte[] bytes, Proposal proposal, SourceOptions asked) {
        var columns = asked.columns();
        var options =
                columns != null && columns.isEmpty()
                        ? asked.with(proposal.reading().header())
                        : asked;
        var definition = proposal.definition();
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
        var validator = new Validator(model, 0, proposal.reading().header());
        var rejected = 0L;
        try (var decoder =
                SourceDecoder.open(new ByteArrayInputStream(bytes), options, Parts::next)) {
            var cutter =
                    RecordCutter.open(
                            decoder, options, Limits.MAX_RECORD_BYTES, SplitSizes.STANDARD);
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var records = Infer.records(cut, cutter.reading());
                rejected +=
                        validator.validate(records, cut.records(), cut.length(), 100).rejected();
            }
        }
        return rejected;
    }

    Column column() {
        return proposal.definition().columns().getFirst();
    }

    String type() {
        return column().type().name();
    }

    ColumnEvidence evidence() {
        return proposal.columns().getFirst();
    }
}

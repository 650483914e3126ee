package dev.millrace.infer;

import dev.millrace.core.Column;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.Rejection;
import dev.millrace.core.Source;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cut;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.HeaderMatch;
import dev.millrace.validate.Validated;
import dev.millrace.validate.Validator;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The first records of a source as a load would store them, with what is wrong with the others:
/// found by what a load does to them.
///
/// @param definition the model by which they are read
/// @param proposal how that was found, or null when it was given
/// @param reading how the source is read
/// @param ignored the fields of the source that the model does not have
/// @param rows the first records, [#MOST_ROWS] at most
/// @param isWhole whether these are all records of the source
public record Preview(
        ModelDefinition definition,
        @Nullable Proposal proposal,
        SourceReading reading,
        List<String> ignored,
        List<Row> rows,
        boolean isWhole) {
    public static final int MOST_ROWS = 100;

    /// How much of a source is looked at, in bytes as sent. Only one that has to be whole to be
    /// read is received to its end; of that no more records are looked at than of others.
    public static final int MOST_BYTES = 1 << 20;

    /// Of a packed source no more than about so much is looked at.
    private static final long MOST_UNPACKED = 4L << 20;

    private static final int CUT_BYTES = 64 << 10;
    private static final SplitSizes SIZES = new SplitSizes(CUT_BYTES, CUT_BYTES, CUT_BYTES);
    private static final int SHOWN_CHARACTERS = 1_000;

    /// One record.
    ///
    /// @param row its number, from 1
    /// @param cells for each column of the model its value as ClickHouse shows it; of a row that is
    ///   not stored the field as it stands in the source. Null for NULL, or no such field
    /// @param problems why it is not stored; empty when it is
    public record Row(long row, List<@Nullable String> cells, List<Rejection> problems) {
        public boolean isStored() {
            return problems.isEmpty();
        }
    }

    public Preview {
        ignored = List.copyOf(ignored);
        rows = List.copyOf(rows);
    }

    /// @param in the source as sent, or its first bytes, [#MOST_BYTES] or all; taken over
    /// @param isWhole whether its end is the source's
    /// @param hasHeader as [Infer#propose] takes it
    /// @param definition null for what is proposed for the head
    /// @param part gives paths for files that are gone soon
    /// @throws MillraceException SOURCE_INCOMPLETE when first bytes alone do not tell how to read
    ///   the source; as [Infer#propose] does, and what [HeaderMatch#match] throws
    public static Preview of(
            InputStream in,
            boolean isWhole,
            SourceOptions asked,
            boolean hasHeader,
            @Nullable ModelDefinition definition,
            Supplier<Path> part) {
        var options = definition == null ? asked : named(asked, definition);
        var found = Head.read(new SourceHead(in, isWhole), options, part);
        Proposal proposal = null;
        var by = definition;
        if (by == null) {
            proposal = found.propose();
            if (!hasHeader) {
                HeaderDoubt.refuse(found.reading, proposal.definition().columns(), asked);
            }
            by = proposal.definition();
        }
        found = found.with(HeaderMatch.matched(found.reading, by));
        var match = HeaderMatch.match(found.reading.header(), by);
        return new Preview(
                by,
                proposal,
                found.reading,
                match.ignored(),
                rows(found, by, match),
                found.isWhole() && found.usable() <= MOST_ROWS);
    }

    /// No names at all stand for the model's columns.
    private static SourceOptions named(SourceOptions asked, ModelDefinition definition) {
        var columns = asked.columns();
        return columns != null && columns.isEmpty()
                ? asked.with(definition.columns().stream().map(Column::name).toList())
                : asked;
    }

    private static List<Row> rows(Head head, ModelDefinition definition, HeaderMatch match) {
        var model =
                new Model(
                        new ModelId(new UUID(0, 0)),
                        "preview",
                        1,
                        definition,
                        "preview",
                        "preview",
                        Instant.EPOCH);
        var validator = new Validator(model, 0, head.reading.header());
        var most = Math.min(MOST_ROWS, head.usable());
        var rows = new ArrayList<Row>();
        var refused = HeaderMatch.refusedKeys(head.reading, definition);
        for (var cut : head.cuts) {
            if (rows.size() < most) {
                var validated =
                        validator.validate(
                                RecordReader.open(
                                        head.reading,
                                        cut.bytes(),
                                        0,
                                        cut.length(),
                                        cut.firstRow(),
                                        Limits.MAX_RECORD_BYTES,
                                        refused),
                                cut.records(),
                                cut.length(),
                                Integer.MAX_VALUE);
                add(cut, head.reading, validated, match, rows);
            }
        }
        return rows.subList(0, Math.min(rows.size(), most));
    }

    private static void add(
            Cut cut,
            SourceReading reading,
            Validated validated,
            HeaderMatch match,
            List<Row> rows) {
        var stored = stored(validated);
        var problems = new HashMap<Long, List<Rejection>>();
        for (var rejection : validated.rejections()) {
            problems.computeIfAbsent(rejection.row(), _ -> new ArrayList<>()).add(rejection);
        }
        var records = Infer.records(cut, reading);
        var record = new SourceRecord();
        while (records.next(record)) {
            var cells = stored.get(record.row);
            rows.add(
                    new Row(
                            record.row,
                            cells == null ? fields(record, match) : cells,
                            problems.getOrDefault(record.row, List.of())));
        }
    }

    /// The cells of the rows that are stored, by the row's number.
    private static Map<Long, List<@Nullable String>> stored(Validated validated) {
        var batch = validated.batch();
        var columns =
                batch.columns().stream().map(data -> StoredText.of(data, batch.rows())).toList();
        var stored = new HashMap<Long, List<@Nullable String>>();
        for (var i = 0; i < batch.rows(); i++) {
            var cells = new ArrayList<@Nullable String>(columns.size());
            for (var column : columns) {
                cells.add(shown(column.get(i)));
            }
            stored.put(batch.rowIds()[i] & (Source.MAX_ROWS - 1), cells);
        }
        return stored;
    }

    private static List<@Nullable String> fields(SourceRecord record, HeaderMatch match) {
        var cells = new ArrayList<@Nullable String>();
        for (var field : match.fieldOf()) {
            cells.add(
                    field < 0 || field >= record.fields || !record.malformed.isEmpty()
                            ? null
                            : shown(
                                    new String(
                                            record.bytes,
                                            record.starts[field],
                                            record.ends[field] - record.starts[field],
                                            StandardCharsets.UTF_8)));
        }
        return cells;
    }

    private static @Nullable String shown(@Nullable String text) {
        if (text == null || text.length() <= SHOWN_CHARACTERS) {
            return text;
        }
        var half = Character.isHighSurrogate(text.charAt(SHOWN_CHARACTERS - 1));
        return text.substring(0, half ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS) + "…";
    }

    /// The records at a source's beginning.
    private record Head(SourceReading reading, List<Cut> cuts, boolean isWhole) {
        static Head read(SourceHead source, SourceOptions asked, Supplier<Path> part) {
            try (var decoder = SourceDecoder.open(source, asked, source.whole(part))) {
                var cutter = Cutter.open(decoder, asked, Limits.MAX_RECORD_BYTES, SIZES);
                var cuts = new ArrayList<Cut>();
                var all = true;
                var left = MOST_UNPACKED;
                try {
                    for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                        cuts.add(cut);
                        left -= cut.length();
                        if (left < 0) {
                            all = false;
                            break;
                        }
                    }
                } catch (MillraceException e) {
                    // Where a packed source was cut off, it is damaged.
                    if (!source.isCut() || cuts.isEmpty() || e.code() != ErrorCode.SOURCE_DAMAGED) {
                        throw e;
                    }
                }
                if (cutter.reading().header().isEmpty() || cuts.isEmpty()) {
                    throw new MillraceException(
                            ErrorCode.EMPTY_SOURCE, "There are no records to look at");
                }
                return new Head(cutter.reading(), cuts, all && !source.isCut());
            }
        }

        Head with(SourceReading other) {
            return new Head(other, cuts, isWhole);
        }

        /// How many records there are, without one that was cut off.
        int usable() {
            var records = cuts.stream().mapToInt(Cut::records).sum();
            return isWhole || records == 1 ? records : records - 1;
        }

        Proposal propose() {
            var profile = new Profile();
            var source = profile.begin("", reading, true);
            for (var cut : cuts) {
                source.add(cut, usable() - source.rows());
            }
            return profile.propose();
        }
    }
}

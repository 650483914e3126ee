package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds line break, delimiter and quote from a source's first records. What the caller asked for
/// is taken as it is; the rest is found so:
///
/// - Records end with CR when there is one and no LF at all, else with LF or CRLF.
/// - The quote is `"`. It is `'` instead when fields are quoted with `'`, all of them cleanly, none
///   with `"`, and either it takes that for the records to have as many fields as the header, or
///   there are at least as many such fields as half the records. It is none when quotes open fields
///   and more records are malformed for it than fields close cleanly, three at least, and more
///   agree with the header without. (One or two may just be damaged, and are better rejected than
///   loaded with a stray quote.)
/// - The delimiter is the one of `,`, `;`, tab and `|` under which the largest share of the records
///   has as many fields as the header; of equals, the one with the most quoted fields, then with
///   the most fields. Of those that are equal in all of this none is guessed. One that the header
///   does not hold is out: a lone column of numbers such as `1,5` has no delimiter. Where all are
///   out, `,` it is. A colon is never guessed, because times are full of them.
///
/// The last record may be cut off by the head's end and counts only if it is the only one.
public final class DialectDetector {
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    private static final Comparator<Fit> WORST_FIRST =
            Comparator.comparingDouble(Fit::share)
                    .thenComparingInt(fit -> fit.quotedFields)
                    .thenComparingInt(fit -> fit.fields);

    /// So many fields of a header are shown, each so long.
    private static final int SHOWN_FIELDS = 4;

    private static final int SHOWN_CHARACTERS = 20;

    /// So many malformed records are no accident.
    private static final int DAMAGED = 3;

    private DialectDetector() {}

    /// @param head UTF-8, the source's beginning
    /// @throws MillraceException INVALID_REQUEST when what was asked for is not a dialect;
    ///   AMBIGUOUS_DIALECT when two fit equally well
    public static Dialect detect(byte[] head, int length, SourceOptions asked) {
        var lineBreak = lineBreak(head, length);
        var delimiters = asked.delimiter() == null ? DELIMITERS : List.of(asked.delimiter());
        var best = new ArrayList<Fit>();
        for (char delimiter : delimiters) {
            best.add(bestQuote(head, length, delimiter, asked.quote(), lineBreak));
        }
        var fitting = best.stream().filter(fit -> fit.fields > 1).sorted(WORST_FIRST).toList();
        if (fitting.isEmpty()) {
            return best.getFirst().dialect;
        }
        var likeliest = fitting.getLast();
        var rivals = fitting.stream().filter(f -> WORST_FIRST.compare(f, likeliest) == 0).toList();
        if (rivals.size() > 1) {
            throw ambiguous(rivals, head, length);
        }
        return likeliest.dialect;
    }

    private static char lineBreak(byte[] head, int length) {
        var hasCr = ByteSearch.indexOf(head, 0, length, (byte) '\r') < length;
        var hasLf = ByteSearch.indexOf(head, 0, length, (byte) '\n') < length;
        return hasCr && !hasLf ? '\r' : '\n';
    }

    private static MillraceException ambiguous(List<Fit> rivals, byte[] head, int length) {
        var readings =
                rivals.stream()
                        .map(fit -> fit.shown(head, length))
                        .collect(Collectors.joining("; "));
        return new MillraceException(
                ErrorCode.AMBIGUOUS_DIALECT,
                "The source can be read in %d ways that fit equally well: %s"
                        .formatted(rivals.size(), readings),
                "Say what stands between its fields, such as --delimiter '%s'."
                        .formatted(rivals.getFirst().dialect.delimiter()),
                null);
    }

    private static Fit bestQuote(
            byte[] head, int length, char delimiter, @Nullable Character asked, char lineBreak) {
        if (asked != null) {
            return Fit.of(head, length, new Dialect(delimiter, asked, lineBreak));
        }
        if (delimiter == '"' || delimiter == '\'') {
            return Fit.of(head, length, new Dialect(delimiter, Dialect.NO_QUOTE, lineBreak));
        }
        var usual = Fit.of(head, length, new Dialect(delimiter, '"', lineBreak));
        if (usual.quotedFields > usual.malformed) {
            return usual;
        }
        var single = Fit.of(head, length, new Dialect(delimiter, '\'', lineBreak));
        if (usual.quotedFields == 0
                && single.quotedFields > 0
                && single.malformed == 0
                && (single.agreeing > usual.agreeing
                        || single.quotedFields * 2 >= single.records)) {
            return single;
        }
        var none = Fit.of(head, length, new Dialect(delimiter, Dialect.NO_QUOTE, lineBreak));
        return usual.malformed >= DAMAGED && none.agreeing > usual.agreeing ? none : usual;
    }

    /// How well a dialect fits the head.
    private static final class Fit {
        final Dialect dialect;

        /// The header's fields.
        int fields;

        /// The records after the header.
        int records;

        /// Those of them that have as many fields as the header.
        int agreeing;

        int malformed;
        int quotedFields;

        private Fit(Dialect dialect) {
            this.dialect = dialect;
        }

        static Fit of(byte[] head, int length, Dialect dialect) {
            var fit = new Fit(dialect);
            var record = new SourceRecord();
            var reader = new CsvRecords(head, 0, length, dialect, 0, 1, Math.max(length, 1));
            // A quote that does not close in the head may close behind it.
            while (reader.next(record) && !reader.isUnclosed(record)) {
                var mayGoOn = reader.bytesRead() == length && record.rawEnd == length;
                if (record.row == 1) {
                    fit.fields = record.fields;
                } else if (!mayGoOn) {
                    fit.records++;
                    fit.agreeing += record.fields == fit.fields ? 1 : 0;
                }
                fit.malformed += record.malformed.isEmpty() ? 0 : 1;
                for (var i = 0; i < record.fields; i++) {
                    fit.quotedFields += record.quoted[i] ? 1 : 0;
                }
            }
            return fit;
        }

        /// How it reads the header.
        String shown(byte[] head, int length) {
            var record = new SourceRecord();
            new CsvRecords(head, 0, length, dialect, 0, 1, Math.max(length, 1)).next(record);
            var names =
                    IntStream.range(0, Math.min(record.fields, SHOWN_FIELDS))
                            .mapToObj(i -> "'%s'".formatted(field(record, i)))
                            .collect(Collectors.joining(", "));
            return "with '%s' the header has %d fields, %s%s"
                    .formatted(
                            dialect.delimiter() == '\t' ? "tab" : "" + dialect.delimiter(),
                            fields,
                            names,
                            fields > SHOWN_FIELDS ? ", …" : "");
        }

        private static String field(SourceRecord record, int field) {
            var start = record.starts[field];
            var text =
                    new String(
                            record.bytes,
                            start,
                            record.ends[field] - start,
                            StandardCharsets.UTF_8);
            return text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS))
                    .replaceAll("\\p{Cntrl}", "·");
        }

        double share() {
            return records == 0 ? 1 : (double) agreeing / records;
        }
    }
}

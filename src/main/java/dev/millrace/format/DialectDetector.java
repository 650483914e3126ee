package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds delimiter and quote from a source's first records. What the caller asked for is taken as
/// it is; the rest is found so:
///
/// - The quote is `"`. It is `'` instead when fields are quoted with `'`, all of them cleanly, none
///   with `"`, and either it takes that for the records to have as many fields as the header, or
///   there are at least as many such fields as half the records. It is none when quotes open fields
///   but not a single one closes cleanly, three records or more are malformed for it, and more
///   agree with the header without. (One or two may just be damaged, and are better rejected than
///   loaded with a stray quote.)
/// - The delimiter is the one of `,`, `;`, tab and `|` under which the largest share of the records
///   has as many fields as the header; of equals, the one with the most quoted fields, then with
///   the most fields, then the first in that order. One that the header does not hold is out: a
///   lone column of numbers such as `1,5` has no delimiter. Where all are out, `,` it is. A colon
///   is never guessed, because times are full of them.
///
/// The last record may be cut off by the head's end and counts only if it is the only one.
public final class DialectDetector {
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    /// So many malformed records are no accident.
    private static final int DAMAGED = 3;

    private DialectDetector() {}

    /// @param head UTF-8, the source's beginning
    /// @throws dev.millrace.core.MillraceException INVALID_REQUEST when what was asked for is not a
    ///   dialect
    public static Dialect detect(byte[] head, int length, SourceOptions asked) {
        var delimiters = asked.delimiter() == null ? DELIMITERS : List.of(asked.delimiter());
        var best = new ArrayList<Fit>();
        for (char delimiter : delimiters) {
            best.add(bestQuote(head, length, delimiter, asked.quote()));
        }
        return best.stream()
                .filter(fit -> fit.fields > 1)
                .max(
                        Comparator.comparingDouble(Fit::share)
                                .thenComparingInt(fit -> fit.quotedFields)
                                .thenComparingInt(fit -> fit.fields))
                .orElse(best.getFirst())
                .dialect;
    }

    private static Fit bestQuote(
            byte[] head, int length, char delimiter, @Nullable Character asked) {
        if (asked != null) {
            return Fit.of(head, length, new Dialect(delimiter, asked));
        }
        if (delimiter == '"' || delimiter == '\'') {
            return Fit.of(head, length, new Dialect(delimiter, Dialect.NO_QUOTE));
        }
        var usual = Fit.of(head, length, new Dialect(delimiter, '"'));
        if (usual.quotedFields > 0) {
            return usual;
        }
        var single = Fit.of(head, length, new Dialect(delimiter, '\''));
        if (single.quotedFields > 0
                && single.malformed == 0
                && (single.agreeing > usual.agreeing
                        || single.quotedFields * 2 >= single.records)) {
            return single;
        }
        var none = Fit.of(head, length, new Dialect(delimiter, Dialect.NO_QUOTE));
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
            while (reader.next(record)) {
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

        double share() {
            return records == 0 ? 1 : (double) agreeing / records;
        }
    }
}

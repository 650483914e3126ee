package dev.millrace.format;

import static dev.millrace.format.ByteSearch.indexOfEither;
import static dev.millrace.format.ByteSearch.pattern;

import dev.millrace.core.Dialect;
import dev.millrace.core.Escape;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import java.nio.charset.StandardCharsets;

/// Reads the records of a split in any [Dialect]: with delimiters of several bytes, backslashes and
/// trailing delimiters too.
final class DelimitedRecords extends RecordByRecord {
    private static final byte BACKSLASH = '\\';

    private final byte[] delimiter;
    private final byte quote;
    private final boolean hasQuote;
    private final Escape escape;
    private final boolean trailing;
    private final long delimiterPattern;

    /// The backslash where it escapes, else the delimiter again.
    private final long escapePattern;

    private final long quotePattern;
    private final long quoteOrEscapePattern;

    /// The record's fields while it is cut, from 0 on.
    private final SourceRecord fields = new SourceRecord();

    /// @param headerFields how many columns the source's header has
    DelimitedRecords(
            byte[] split,
            int offset,
            int length,
            Dialect dialect,
            int headerFields,
            long firstRow,
            int maxRecordBytes) {
        super(
                split,
                offset,
                length,
                new RecordScanner(dialect, headerFields, maxRecordBytes),
                Unescape.of(dialect),
                firstRow,
                maxRecordBytes);
        delimiter = dialect.delimiter().getBytes(StandardCharsets.UTF_8);
        hasQuote = dialect.hasQuote();
        quote = (byte) dialect.quote();
        escape = dialect.escape();
        trailing = dialect.trailing();
        delimiterPattern = pattern(delimiter[0]);
        quotePattern = pattern(quote);
        escapePattern = escape == Escape.NONE ? delimiterPattern : pattern(BACKSLASH);
        quoteOrEscapePattern = escape == Escape.NONE ? quotePattern : pattern(BACKSLASH);
    }

    @Override
    String cut(SourceRecord into, int from, int to, boolean quoted) {
        var at = from;
        while (true) {
            at =
                    hasQuote && at < to && split[at] == quote
                            ? addQuoted(into, at, to)
                            : addPlain(into, at, to);
            if (at == to) {
                dropTrailing(into);
                return "";
            }
            if (!isDelimiter(at, to)) {
                return "Field %d goes on after its closing quote".formatted(into.fields);
            }
            at += delimiter.length;
        }
    }

    @Override
    boolean add(RecordBlock into, int from, int to, boolean quoted) {
        fields.fields = 0;
        if (!cut(fields, from, to, quoted).isEmpty() || fields.fields != into.fields) {
            return false;
        }
        for (var i = 0; i < into.fields; i++) {
            var place = into.first(i) + into.records;
            into.starts[place] = fields.starts[i];
            into.ends[place] = fields.ends[i];
            into.quotes[place] = fields.quotes[i];
        }
        return true;
    }

    /// A record of one field keeps it: there, nothing tells an empty field from none.
    private void dropTrailing(SourceRecord into) {
        var last = into.fields - 1;
        if (trailing
                && last > 0
                && into.starts[last] == into.ends[last]
                && into.quotes[last] != RecordBlock.ESCAPED
                && !isClosed(into.starts[last])) {
            into.fields--;
        }
    }

    /// Whether a field that is empty has quotes around it.
    private boolean isClosed(int start) {
        return hasQuote && start < end && split[start] == quote;
    }

    /// @return the byte after the field
    private int addPlain(SourceRecord into, int from, int to) {
        var written = RecordBlock.UNQUOTED;
        var at = from;
        while (true) {
            at = indexOfEither(split, at, to, delimiterPattern, escapePattern);
            if (at == to || (split[at] != BACKSLASH && isDelimiter(at, to))) {
                break;
            }
            if (split[at] == BACKSLASH && escape != Escape.NONE) {
                written = RecordBlock.ESCAPED;
                at = Math.min(at + 2, to);
            } else {
                at++;
            }
        }
        into.addField(from, at, plain(written, from, at));
        return at;
    }

    /// What is written as `\N` is NULL, where sequences escape, and what is empty an empty text.
    private byte plain(byte written, int from, int to) {
        if (escape == Escape.NONE) {
            return written;
        }
        if (to - from == 2 && split[from] == BACKSLASH && split[from + 1] == 'N') {
            return RecordBlock.UNQUOTED;
        }
        return escape == Escape.SEQUENCES && from == to ? RecordBlock.QUOTED : written;
    }

    /// @return the byte after the closing quote
    private int addQuoted(SourceRecord into, int from, int to) {
        var written = RecordBlock.QUOTED;
        var at = from + 1;
        while (true) {
            at = indexOfEither(split, at, to, quotePattern, quoteOrEscapePattern);
            if (at == to) {
                break;
            }
            if (split[at] != quote) {
                written = RecordBlock.ESCAPED;
                at = Math.min(at + 2, to);
            } else if (at + 1 < to && split[at + 1] == quote) {
                written = RecordBlock.ESCAPED;
                at += 2;
            } else {
                break;
            }
        }
        into.addField(from + 1, at, written);
        return Math.min(at + 1, to);
    }

    private boolean isDelimiter(int at, int to) {
        if (to - at < delimiter.length) {
            return false;
        }
        for (var i = 0; i < delimiter.length; i++) {
            if (split[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }
}

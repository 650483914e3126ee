package dev.millrace.format;

import static dev.millrace.format.ByteSearch.highs;
import static dev.millrace.format.ByteSearch.indexOf;
import static dev.millrace.format.ByteSearch.matches;
import static dev.millrace.format.ByteSearch.mayMatch;
import static dev.millrace.format.ByteSearch.pattern;
import static dev.millrace.format.ByteSearch.word;

import dev.millrace.core.Dialect;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceRecord;
import dev.millrace.format.RecordScanner.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the records of a split of CSV, in place: fields are positions in the split itself, but for
/// a record with doubled quotes, whose fields are all copied, undoubled, into an array that the
/// next such record takes over. Makes no garbage for a well-formed record.
///
/// For a block the ends of fields and of records are found in one pass, where that is simple; any
/// other record's end is [RecordScanner]'s to find. Both follow its rule.
///
/// A record that cannot be cut into fields says so in [SourceRecord#malformed] and has no fields;
/// its [raw][SourceRecord#raw] bytes and its number it has all the same. How many fields a record
/// should have is not judged here. Where records end is [RecordScanner]'s rule. Not thread-safe.
public final class CsvRecords implements Records {
    /// So far a record is looked for in one pass, in bytes.
    private static final int SIGHT_BYTES = 64 << 10;

    private static final int NOT_CLOSED = -1;

    private static final int MOST_ALONE = 255;

    private final byte[] split;
    private final int offset;
    private final int end;
    private final RecordScanner scanner;
    private final String unclosed;
    private final String tooLong;
    private final byte delimiter;
    private final byte quote;
    private final long delimiterPattern;
    private final byte lineBreak;
    private final long lineBreakPattern;
    private final boolean mayHaveCr;
    private final long quotePattern;
    private final int maxRecordBytes;
    private long row;
    private int place;

    /// What a block's end found out of the record at [#place], or null when nothing is known of it.
    private @Nullable Step found;

    /// How far a record was looked for in one pass in vain.
    private int triedTo;

    private long blockRow;
    private int blockPlace;

    /// How many records are read alone before a block is tried again, and how many were so the last
    /// time: where records are never such as a block takes, trying costs more than reading.
    private int alone;

    private int aloneBefore;
    private byte[] undoubled = new byte[0];

    /// @param split not changed, and not to be changed while it is read
    /// @param headerFields how many columns the source's header has: in a source of one column an
    ///   empty line is a record
    /// @param firstRow the number of the split's first record in its source
    /// @param maxRecordBytes the same as where the source was cut
    public CsvRecords(
            byte[] split,
            int offset,
            int length,
            Dialect dialect,
            int headerFields,
            long firstRow,
            int maxRecordBytes) {
        Objects.checkFromIndexSize(offset, length, split.length);
        this.split = split;
        this.offset = offset;
        unclosed = "A quote in this line does not close within %,d bytes".formatted(maxRecordBytes);
        tooLong = "The line is longer than %,d bytes".formatted(maxRecordBytes);
        end = offset + length;
        place = offset;
        row = firstRow;
        delimiter = (byte) dialect.delimiter();
        lineBreak = (byte) dialect.lineBreak();
        lineBreakPattern = pattern(lineBreak);
        mayHaveCr = lineBreak == '\n';
        // Without a quote, look for a second line break in its stead: that is always checked first.
        quote = dialect.quote() == Dialect.NO_QUOTE ? lineBreak : (byte) dialect.quote();
        delimiterPattern = pattern(delimiter);
        quotePattern = pattern(quote);
        this.maxRecordBytes = maxRecordBytes;
        scanner = new RecordScanner(dialect, headerFields, maxRecordBytes);
        scanner.standAt(offset);
    }

    @Override
    public boolean next(SourceRecord into) {
        while (true) {
            var step = scan();
            place = scanner.next();
            switch (step) {
                case MORE -> {
                    return false;
                }
                case BLANK -> {}
                case PLAIN -> {
                    begin(into);
                    cutPlain(into);
                    return true;
                }
                case QUOTED -> {
                    begin(into);
                    if (cutQuoted(into)) {
                        undouble(into);
                    }
                    return true;
                }
                case UNCLOSED -> {
                    begin(into);
                    into.malformed = unclosed;
                    return true;
                }
                case TOO_LONG -> {
                    begin(into);
                    into.malformed = tooLong;
                    return true;
                }
                case CLIPPED -> {
                    begin(into);
                    into.malformed = tooLong;
                    place = Math.min(indexOf(split, place, end, lineBreak) + 1, end);
                    scanner.standAt(place);
                    into.rawNext = place;
                    return true;
                }
            }
        }
    }

    /// Finds the record at [#place], unless a block did.
    private Step scan() {
        var step = found;
        found = null;
        if (step != null) {
            return step;
        }
        scanner.standAt(place);
        return scanner.next(split, end, true);
    }

    @Override
    public int next(RecordBlock into) {
        into.bytes = split;
        into.quote = quote;
        into.records = 0;
        into.hasQuoted = false;
        into.firstRow = row;
        blockRow = row;
        blockPlace = place;
        if (alone > 0) {
            alone--;
            return 0;
        }
        while (found == null && into.records < into.limit) {
            var next = cut(into, place);
            if (next < 0) {
                found = scan();
                next = scanner.next();
            }
            if (found == null || found == Step.BLANK) {
                found = null;
                place = next;
            }
        }
        row += into.records;
        aloneBefore = into.records > 0 ? 0 : Math.min(2 * aloneBefore + 1, MOST_ALONE);
        alone = aloneBefore;
        return into.records;
    }

    @Override
    public void goBack() {
        row = blockRow;
        place = blockPlace;
        found = null;
    }

    @Override
    public long bytesRead() {
        return (long) place - offset;
    }

    /// Whether what is read of the record is its first line, since a quote in it does not close.
    boolean isUnclosed(SourceRecord read) {
        return read.malformed.equals(unclosed);
    }

    private void begin(SourceRecord into) {
        into.bytes = split;
        into.fields = 0;
        into.row = row++;
        into.malformed = "";
        into.raw = split;
        into.rawStart = scanner.start();
        into.rawEnd = scanner.textEnd();
        into.rawNext = place;
    }

    private void cutPlain(SourceRecord into) {
        var start = into.rawStart;
        var at = start;
        var to = into.rawEnd;
        for (; at <= to - 8; at += 8) {
            var found = matches(word(split, at), delimiterPattern);
            while (found != 0) {
                var delimiterAt = at + ByteSearch.first(found);
                into.addField(start, delimiterAt, false);
                start = delimiterAt + 1;
                found &= found - 1;
            }
        }
        for (; at < to; at++) {
            if (split[at] == delimiter) {
                into.addField(start, at, false);
                start = at + 1;
            }
        }
        into.addField(start, to, false);
    }

    /// Adds the record that begins here to a block when it ends in sight and has as many fields as
    /// the others.
    ///
    /// @return where the next record begins, or -1 when this one was not added
    private int cut(RecordBlock into, int start) {
        var starts = into.starts;
        var ends = into.ends;
        var stride = into.stride();
        var field = into.records;
        var last = field + into.first(into.fields - 1);
        var fieldStart = start;
        for (var at = start; at <= end - Long.BYTES; at += Long.BYTES) {
            for (var hits = hits(at); hits != 0; hits &= hits - 1) {
                var hit = at + ByteSearch.first(hits);
                var value = split[hit];
                if (value == delimiter) {
                    if (field == last) {
                        return -1;
                    }
                    starts[field] = fieldStart;
                    ends[field] = hit;
                    field += stride;
                    fieldStart = hit + 1;
                } else if (value == lineBreak) {
                    var textEnd = textEnd(start, hit);
                    if (field != last || textEnd - start > maxRecordBytes) {
                        return -1;
                    }
                    starts[field] = fieldStart;
                    ends[field] = textEnd;
                    into.records++;
                    return hit + 1;
                } else if (value == quote && hit == fieldStart) {
                    return hit < triedTo ? -1 : cutWithQuotes(into, start, field, fieldStart);
                }
            }
        }
        return -1;
    }

    /// A bit for each byte among these eight that may be a delimiter, a quote or a line break.
    private long hits(int at) {
        var word = word(split, at);
        return highs(
                mayMatch(word, delimiterPattern)
                        | mayMatch(word, lineBreakPattern)
                        | mayMatch(word, quotePattern));
    }

    private int textEnd(int start, int end) {
        var cr = mayHaveCr && end > start && split[end - 1] == '\r';
        return cr ? end - 1 : end;
    }

    /// Goes on with [#cut] at the first field that a quote opens.
    private int cutWithQuotes(RecordBlock into, int start, int firstField, int firstStart) {
        into.expectQuotes();
        var field = firstField;
        var last = into.records + into.first(into.fields - 1);
        var fieldStart = firstStart;
        var inside = false;
        var closed = NOT_CLOSED;
        var quotes = RecordBlock.UNQUOTED;
        var stop = start + Math.min(end - start, SIGHT_BYTES) - Long.BYTES;
        for (var at = fieldStart; at <= stop; at += Long.BYTES) {
            for (var hits = hits(at); hits != 0; hits &= hits - 1) {
                var hit = at + ByteSearch.first(hits);
                var value = split[hit];
                if (inside) {
                    if (value == quote) {
                        inside = false;
                        closed = hit;
                    }
                } else if (value == delimiter) {
                    if (field == last || !add(into, field, fieldStart, hit, closed, quotes)) {
                        return giveUp(into, hit);
                    }
                    field += into.stride();
                    fieldStart = hit + 1;
                    closed = NOT_CLOSED;
                    quotes = RecordBlock.UNQUOTED;
                } else if (value == lineBreak) {
                    var textEnd = textEnd(start, hit);
                    if (field != last
                            || textEnd - start > maxRecordBytes
                            || !add(into, field, fieldStart, textEnd, closed, quotes)) {
                        return giveUp(into, hit);
                    }
                    into.records++;
                    return hit + 1;
                } else if (value == quote) {
                    if (hit == fieldStart) {
                        quotes = RecordBlock.QUOTED;
                        inside = true;
                    } else if (closed == hit - 1) {
                        quotes = RecordBlock.DOUBLED;
                        inside = true;
                        closed = NOT_CLOSED;
                    } else if (closed != NOT_CLOSED) {
                        return giveUp(into, hit);
                    }
                }
            }
        }
        return giveUp(into, stop);
    }

    /// Adds a field that a delimiter or the record's end follows.
    ///
    /// @param closed where its closing quote stands, or [#NOT_CLOSED] when it has no quotes
    /// @return false when something else follows the closing quote
    private static boolean add(
            RecordBlock into, int place, int start, int end, int closed, byte quotes) {
        into.quotes[place] = quotes;
        if (closed == NOT_CLOSED) {
            into.starts[place] = start;
            into.ends[place] = end;
            return true;
        }
        into.starts[place] = start + 1;
        into.ends[place] = closed;
        return end == closed + 1;
    }

    /// Takes a record back, and remembers how far it was looked at in vain: were that forgotten, a
    /// source of nothing but quotes that do not close would be looked at over and over.
    ///
    /// @return -1
    private int giveUp(RecordBlock into, int at) {
        triedTo = Math.max(triedTo, at);
        for (var i = 0; i < into.fields; i++) {
            into.quotes[into.first(i) + into.records] = RecordBlock.UNQUOTED;
        }
        return -1;
    }

    /// @return whether quotes in it are doubled; false when it is malformed, and has no fields
    private boolean cutQuoted(SourceRecord into) {
        var doubled = false;
        var at = into.rawStart;
        var to = into.rawEnd;
        while (true) {
            if (at == to || split[at] != quote) {
                var fieldEnd = indexOf(split, at, to, delimiter);
                into.addField(at, fieldEnd, false);
                at = fieldEnd;
            } else {
                var fieldEnd = indexOf(split, at + 1, to, quote);
                while (fieldEnd + 1 < to && split[fieldEnd + 1] == quote) {
                    doubled = true;
                    fieldEnd = indexOf(split, fieldEnd + 2, to, quote);
                }
                into.addField(at + 1, fieldEnd, true);
                at = fieldEnd + 1;
            }
            if (at == to) {
                break;
            }
            if (split[at] != delimiter) {
                into.malformed = "Field %d goes on after its closing quote".formatted(into.fields);
                into.fields = 0;
                return false;
            }
            at++;
        }
        return doubled;
    }

    /// Copies the record, and in its quoted fields closes up each doubled quote.
    private void undouble(SourceRecord into) {
        var length = into.rawEnd - into.rawStart;
        if (undoubled.length < length) {
            undoubled = new byte[Math.max(length, 2 * undoubled.length)];
        }
        System.arraycopy(split, into.rawStart, undoubled, 0, length);
        for (var i = 0; i < into.fields; i++) {
            into.starts[i] -= into.rawStart;
            into.ends[i] -= into.rawStart;
            if (into.quoted[i]) {
                into.ends[i] = undouble(into.starts[i], into.ends[i]);
            }
        }
        into.bytes = undoubled;
    }

    /// @return the byte after the field's last one
    private int undouble(int start, int fieldEnd) {
        var to = indexOf(undoubled, start, fieldEnd, quote);
        for (var from = to; from < fieldEnd; from++) {
            var value = undoubled[from];
            undoubled[to++] = value;
            if (value == quote) {
                from++;
            }
        }
        return to;
    }
}

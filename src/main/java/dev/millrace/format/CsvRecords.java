package dev.millrace.format;

import static dev.millrace.format.ByteSearch.highs;
import static dev.millrace.format.ByteSearch.indexOf;
import static dev.millrace.format.ByteSearch.matches;
import static dev.millrace.format.ByteSearch.mayMatch;
import static dev.millrace.format.ByteSearch.pattern;
import static dev.millrace.format.ByteSearch.word;

import dev.millrace.core.Dialect;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import dev.millrace.format.RecordScanner.Step;

/// Reads the records of a split whose [Dialect] is plain. Makes no garbage for a well-formed
/// record.
///
/// For a block the ends of fields and of records are found in one pass, where that is simple; any
/// other record's end is [RecordScanner]'s to find. Both follow its rule.
final class CsvRecords extends ScannedRecords {
    /// So far a record is looked for in one pass, in bytes.
    private static final int SIGHT_BYTES = 64 << 10;

    private static final int NOT_CLOSED = -1;

    private static final int MOST_ALONE = 255;

    private static final int MOST_ONE_BY_ONE = 4095;

    /// Fewer records at a time do not repay that their places were looked for.
    private static final int LEAST_TOGETHER = 16;

    private final byte delimiter;
    private final byte quote;
    private final long delimiterPattern;
    private final byte lineBreak;
    private final long lineBreakPattern;
    private final boolean mayHaveCr;
    private final long quotePattern;
    private final BytePlaces places;

    /// What begins a line that is no record; where nothing does, the line break, at which a line
    /// never begins that a block takes.
    private final byte comment;

    private final int maxRecordBytes;

    /// How many records are looked at one by one before several are taken together again, and how
    /// many were so the last time: where quotes are frequent, trying costs more than it saves.
    private int untilTogether;

    private int oneByOne;

    /// How far a record was looked for in one pass in vain.
    private int triedTo;

    /// How many records are read alone before a block is tried again, and how many were so the last
    /// time: where records are never such as a block takes, trying costs more than reading.
    private int alone;

    private int aloneBefore;

    /// @param dialect a plain one
    /// @param headerFields how many columns the source's header has: in a source of one column an
    ///   empty line is a record
    CsvRecords(
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
        delimiter = (byte) dialect.delimiter().charAt(0);
        lineBreak = (byte) dialect.lineBreak();
        lineBreakPattern = pattern(lineBreak);
        mayHaveCr = lineBreak == '\n';
        // Without a quote, look for a second line break in its stead: that is always checked first.
        quote = dialect.hasQuote() ? (byte) dialect.quote() : lineBreak;
        comment = dialect.hasComment() ? (byte) dialect.comment() : lineBreak;
        delimiterPattern = pattern(delimiter);
        quotePattern = pattern(quote);
        places =
                new BytePlaces(
                        split, offset, end, delimiterPattern, lineBreakPattern, quotePattern);
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public int next(RecordBlock into) {
        begin(into);
        if (alone > 0) {
            alone--;
            return 0;
        }
        while (!remembers() && into.records < into.limit) {
            if (untilTogether == 0) {
                addUnquoted(into);
                if (into.records == into.limit) {
                    break;
                }
            } else {
                untilTogether--;
            }
            var next = cut(into, place());
            if (next < 0) {
                var step = scan();
                if (step != Step.BLANK) {
                    remember(step);
                    break;
                }
                next = behind();
            }
            moveTo(next);
        }
        aloneBefore = into.records > 0 ? 0 : Math.min(2 * aloneBefore + 1, MOST_ALONE);
        alone = aloneBefore;
        return end(into);
    }

    @Override
    String cut(SourceRecord into, int from, int to, boolean quoted) {
        if (quoted) {
            return cutQuoted(into, from, to);
        }
        cutPlain(into, from, to);
        return "";
    }

    private void cutPlain(SourceRecord into, int from, int to) {
        var start = from;
        var at = from;
        for (; at <= to - 8; at += 8) {
            var found = matches(word(split, at), delimiterPattern);
            while (found != 0) {
                var delimiterAt = at + ByteSearch.first(found);
                into.addField(start, delimiterAt, RecordBlock.UNQUOTED);
                start = delimiterAt + 1;
                found &= found - 1;
            }
        }
        for (; at < to; at++) {
            if (split[at] == delimiter) {
                into.addField(start, at, RecordBlock.UNQUOTED);
                start = at + 1;
            }
        }
        into.addField(start, to, RecordBlock.UNQUOTED);
    }

    /// Adds records to a block as long as the places next found are those of a record in which no
    /// quote stands and that has as many fields as the others.
    private void addUnquoted(RecordBlock into) {
        var starts = into.starts;
        var ends = into.ends;
        var stride = into.stride();
        var fields = into.fields;
        var start = place();
        var before = into.records;
        places.seek(start);
        while (into.records < into.limit && places.has(fields)) {
            var found = places.array();
            var first = places.first();
            var lineEnd = found[first + fields - 1];
            var textEnd = textEnd(start, lineEnd);
            if (split[lineEnd] != lineBreak
                    || split[start] == comment
                    || textEnd - start > maxRecordBytes) {
                break;
            }
            var fieldStart = start;
            var field = into.records;
            var others = 0;
            for (var i = first; i < first + fields - 1; i++) {
                var fieldEnd = found[i];
                others |= split[fieldEnd] ^ delimiter;
                starts[field] = fieldStart;
                ends[field] = fieldEnd;
                fieldStart = fieldEnd + 1;
                field += stride;
            }
            if (others != 0) {
                break;
            }
            starts[field] = fieldStart;
            ends[field] = textEnd;
            into.records++;
            start = lineEnd + 1;
            places.pass(fields, start);
        }
        moveTo(start);
        if (into.records < into.limit) {
            var few = into.records - before < LEAST_TOGETHER;
            oneByOne = few ? Math.min(2 * oneByOne + 1, MOST_ONE_BY_ONE) : 0;
            untilTogether = oneByOne;
        }
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
        if (start < end && split[start] == comment) {
            return -1;
        }
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
                        quotes = RecordBlock.ESCAPED;
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

    /// @return what is wrong with it, or empty
    private String cutQuoted(SourceRecord into, int from, int to) {
        var at = from;
        while (true) {
            if (at == to || split[at] != quote) {
                var fieldEnd = indexOf(split, at, to, delimiter);
                into.addField(at, fieldEnd, RecordBlock.UNQUOTED);
                at = fieldEnd;
            } else {
                var written = RecordBlock.QUOTED;
                var fieldEnd = indexOf(split, at + 1, to, quote);
                while (fieldEnd + 1 < to && split[fieldEnd + 1] == quote) {
                    written = RecordBlock.ESCAPED;
                    fieldEnd = indexOf(split, fieldEnd + 2, to, quote);
                }
                into.addField(at + 1, fieldEnd, written);
                at = fieldEnd + 1;
            }
            if (at == to) {
                return "";
            }
            if (split[at] != delimiter) {
                return "Field %d goes on after its closing quote".formatted(into.fields);
            }
            at++;
        }
    }
}

package dev.millrace.format;

import static dev.millrace.format.ByteSearch.HIGHS;
import static dev.millrace.format.ByteSearch.countLines;
import static dev.millrace.format.ByteSearch.indexOf;
import static dev.millrace.format.ByteSearch.indexOfEither;
import static dev.millrace.format.ByteSearch.pattern;

import dev.millrace.core.Dialect;
import dev.millrace.core.Escape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The one rule where a record ends, shared by the cutter and the reader.
///
/// - A record ends with the first line break outside quotes or with the source. The dialect's line
///   break is LF, and a CR right before belongs to it, or CR; any other CR or LF is text.
/// - A quote opens a quoted field only as the field's first byte. Inside, doubled quotes are text;
///   a single one closes. What follows up to the next delimiter or line break is unquoted text (the
///   reader finds the record malformed; its end is certain all the same).
/// - A record that does not end within `maxRecordBytes` of its start, line break not counted, or
///   whose last quote does not close before the source ends, is none: its first line is a malformed
///   record of its own, and the next record begins at the next line.
/// - Where the dialect escapes with backslashes, a line break or quote behind an odd number of them
///   is text. A record that ends with such a line break is none, as if a quote did not close.
/// - A line without a character is a record only where the header has one column. A line that
///   begins with the dialect's comment never is, but where a quote is open before it.
///
/// The bytes may arrive piece by piece: the scanner stands where it stopped and never looks at a
/// byte twice, with one exception. After a record that did not end, the next lines are scanned
/// again, this time as starts of records. Were nothing remembered, a source of nothing but quotes
/// that do not close would cost its size times `maxRecordBytes`. But at every line break that the
/// failed scan passed it was inside quotes, or it would have ended there; so a later scan that
/// passes one inside quotes too has met it, and goes on where it stopped. Every byte is thus looked
/// at three times at most. Not thread-safe.
final class RecordScanner {
    private static final byte LF = '\n';
    private static final byte CR = '\r';

    /// How much [#run] looks at at a time, in bytes.
    private static final int WINDOW_BYTES = 4 << 10;

    private static final int MOST_PAUSE_BYTES = 256 << 10;

    /// Fewer are not worth it.
    private static final int LEAST_RUN_BYTES = 256;

    /// What [#next] found.
    enum Step {
        /// Nothing yet: the record's end is not in view; at the source's end, no record is left.
        MORE,
        /// A line that is not a record: without a character, or a comment.
        BLANK,
        /// A record in which no quote opens a field.
        PLAIN,
        /// A record with quoted fields.
        QUOTED,
        /// The first line of what would be a record if it ended.
        UNCLOSED,
        /// A line longer than a record may be.
        TOO_LONG,
        /// The same, and its line break is not among the first `maxRecordBytes + 2` bytes. Those
        /// are kept, with a line break after them, and the rest up to the line break is dropped: so
        /// the line takes the same few bytes of memory whatever its length, and is still too long
        /// for whoever reads what was kept, even if the last byte kept is a CR.
        CLIPPED
    }

    /// The delimiter, and of one of several bytes the last.
    private final byte delimiter;

    private final byte[] longDelimiter;
    private final boolean escapes;
    private final boolean hasComment;
    private final byte comment;
    private final byte quote;
    private final byte lineBreak;
    private final long lineBreakPattern;
    private final long quotePattern;
    private final boolean blankIsRecord;
    private final int maxRecordBytes;

    private final boolean runs;

    /// Where a quote may stand in a word.
    private final long quoteBits;

    private int start;
    private int textEnd;
    private int next;

    /// How far the current record was scanned, and whether that is inside quotes.
    private int at;

    private boolean inside;
    private boolean opened;

    /// Where the text begins that is not looked through for delimiters of several bytes yet.
    private int fieldsFrom;

    /// Where the last scan that failed began, how far it came, and whether that is inside quotes.
    private int failedFrom;

    private int failedAt;

    /// Before it [#run] does not try again.
    private int runsFrom;

    /// For so many bytes it did not the last time: where there is always a quote, trying costs more
    /// than looking at one record after the other.
    private int pause;

    private boolean failedInside;
    private int failedFieldsFrom;

    /// @param maxRecordBytes at least 1
    RecordScanner(Dialect dialect, int headerFields, int maxRecordBytes) {
        longDelimiter = dialect.delimiter().getBytes(StandardCharsets.UTF_8);
        delimiter = longDelimiter[longDelimiter.length - 1];
        escapes = dialect.escape() != Escape.NONE;
        hasComment = dialect.hasComment();
        comment = (byte) dialect.comment();
        lineBreak = (byte) dialect.lineBreak();
        lineBreakPattern = pattern(lineBreak);
        // Without a quote, look for a second line break in its stead: that is always checked first.
        quote = dialect.hasQuote() ? (byte) dialect.quote() : lineBreak;
        quotePattern = pattern(quote);
        blankIsRecord = headerFields == 1;
        this.maxRecordBytes = maxRecordBytes;
        // In windows of which each has a line break no record is longer than two.
        runs = !escapes && !hasComment && maxRecordBytes >= 2 * WINDOW_BYTES;
        quoteBits = dialect.hasQuote() ? HIGHS : 0;
    }

    /// The first byte of the record found last, or of the one being scanned.
    int start() {
        return start;
    }

    /// The byte after the record's last one, line break not counted.
    int textEnd() {
        return textEnd;
    }

    /// Where the next record begins; after [Step#CLIPPED], where the bytes to be dropped begin.
    int next() {
        return next;
    }

    /// The most bytes of a line that are kept.
    int window() {
        return maxRecordBytes + 2;
    }

    /// Says where the next record begins.
    void standAt(int position) {
        next = position;
        start = position;
        at = position;
        fieldsFrom = position;
        inside = false;
        opened = false;
    }

    /// Says that the bytes moved down in their array, or into another one.
    void moved(int down) {
        start -= down;
        next -= down;
        textEnd -= down;
        at -= down;
        fieldsFrom -= down;
        failedFrom -= down;
        failedAt -= down;
        failedFieldsFrom -= down;
        runsFrom -= down;
    }

    /// Passes over the records that begin here as long as there is no doubt about them: as long as
    /// no quote, no line that may be none and no very long record is near. All others are
    /// [#next(byte[], int, boolean)]'s to find.
    ///
    /// @param to the byte after the last one that may be passed over
    /// @param most how many records may be passed over
    /// @return how many were; [#next()] is behind them
    int run(byte[] bytes, int to, int most) {
        if (!runs || next < runsFrom || to - next < LEAST_RUN_BYTES) {
            return 0;
        }
        var first = bytes[next];
        if (first == lineBreak || first == CR) {
            return 0;
        }
        var records = 0;
        var behind = next;
        while (to - behind > Long.BYTES) {
            // The byte behind them is looked at, too.
            var window = Math.min(to - behind - 1, WINDOW_BYTES) & -Long.BYTES;
            var found =
                    countLines(bytes, behind, window, lineBreakPattern, quotePattern, quoteBits);
            if (found <= 0 || found > most - records) {
                if (records == 0) {
                    pause = Math.min(2 * pause + WINDOW_BYTES, MOST_PAUSE_BYTES);
                }
                runsFrom = behind + window + (records == 0 ? pause : 0);
                break;
            }
            records += found;
            behind += window;
        }
        if (records > 0) {
            pause = 0;
            var last = behind - 1;
            while (bytes[last] != lineBreak) {
                last--;
            }
            standAt(last + 1);
        }
        return records;
    }

    /// Finds the next record, or goes on looking for its end.
    ///
    /// @param to the byte after the last one in view
    /// @param ended whether the source ends there
    Step next(byte[] bytes, int to, boolean ended) {
        if (next != start) {
            standAt(next);
        }
        if (start == to) {
            return Step.MORE;
        }
        var stop = start + Math.min(to - start, window());
        if (hasComment && bytes[start] == comment) {
            return comment(bytes, stop, ended && stop == to);
        }
        if (seekEnd(bytes, stop, ended && stop == to)) {
            return end(bytes, at, at + 1);
        }
        if (stop - start == window()) {
            return fail(bytes, stop);
        }
        if (!ended) {
            return Step.MORE;
        }
        return inside || endsInEscapedBreak(bytes, stop)
                ? fail(bytes, stop)
                : end(bytes, stop, stop);
    }

    private Step comment(byte[] bytes, int stop, boolean ended) {
        at = indexOf(bytes, at, stop, lineBreak);
        if (at == stop && stop - start == window()) {
            return fail(bytes, stop); // whether or not the source is known to end there
        }
        if (at == stop && !ended) {
            return Step.MORE;
        }
        next = Math.min(at + 1, stop);
        textEnd = withoutCr(bytes, at, next);
        return Step.BLANK;
    }

    /// Moves [#at] to the record's line break, or to `stop`.
    private boolean seekEnd(byte[] bytes, int stop, boolean ended) {
        while (at < stop) {
            if (inside) {
                if (!leaveQuotes(bytes, stop, ended)) {
                    return false;
                }
                continue;
            }
            at = indexOfEither(bytes, at, stop, lineBreakPattern, quotePattern);
            if (at == stop) {
                return false;
            }
            if (escapes && isEscaped(bytes)) {
                at++;
                continue;
            }
            if (bytes[at] == lineBreak) {
                return true;
            }
            if (opensField(bytes)) {
                inside = true;
                opened = true;
            }
            at++;
        }
        return false;
    }

    /// Whether the byte at [#at] stands behind an odd number of backslashes.
    private boolean isEscaped(byte[] bytes) {
        var first = at;
        while (first > start && bytes[first - 1] == '\\') {
            first--;
        }
        return (at - first) % 2 == 1;
    }

    /// Whether the last byte is a line break that is text: then the record goes on, and what
    /// follows is missing, or was found too long and is no part of it.
    private boolean endsInEscapedBreak(byte[] bytes, int end) {
        if (!escapes || bytes[end - 1] != lineBreak) {
            return false;
        }
        at = end - 1;
        var escaped = isEscaped(bytes);
        at = end;
        return escaped;
    }

    /// Whether a field begins at [#at].
    private boolean opensField(byte[] bytes) {
        if (at == start) {
            return true;
        }
        if (bytes[at - 1] != delimiter) {
            return false;
        }
        if (longDelimiter.length == 1) {
            return !escapes || !isEscapedDelimiter(bytes);
        }
        while (fieldsFrom < at) {
            if (escapes && bytes[fieldsFrom] == '\\') {
                fieldsFrom += 2;
            } else if (isDelimiter(bytes, fieldsFrom, at)) {
                fieldsFrom += longDelimiter.length;
                if (fieldsFrom == at) {
                    return true;
                }
            } else {
                fieldsFrom++;
            }
        }
        return false;
    }

    private boolean isEscapedDelimiter(byte[] bytes) {
        at--;
        var escaped = isEscaped(bytes);
        at++;
        return escaped;
    }

    private boolean isDelimiter(byte[] bytes, int from, int to) {
        return to - from >= longDelimiter.length
                && Arrays.equals(
                        bytes,
                        from,
                        from + longDelimiter.length,
                        longDelimiter,
                        0,
                        longDelimiter.length);
    }

    /// Goes on to the next quote, or to where the failed scan stopped when it is met.
    ///
    /// @return false when nothing more can be said of what is in view
    private boolean leaveQuotes(byte[] bytes, int stop, boolean ended) {
        var meeting = start >= failedFrom && at < failedAt;
        var limit = meeting ? Math.min(failedAt, stop) : stop;
        at = closing(bytes, at, limit, meeting ? lineBreakPattern : quotePattern);
        if (at == limit) {
            return limit < stop;
        }
        if (escapes && isEscaped(bytes)) {
            at++;
            return true;
        }
        if (bytes[at] == lineBreak) {
            at = failedAt;
            inside = failedInside;
            fieldsFrom = failedFieldsFrom;
            return true;
        }
        if (at + 1 == stop && !ended) {
            return false; // whether this quote is doubled is not in view
        }
        if (at + 1 < stop && bytes[at + 1] == quote) {
            at += 2;
        } else {
            at++;
            inside = false;
            fieldsFrom = at;
        }
        return true;
    }

    /// The first quote in `[from, limit)` that may close for good, or byte of `other`, or `limit`:
    /// a short cut past the commonest that do not, doubled ones and those that another quoted field
    /// follows.
    private int closing(byte[] bytes, int from, int limit, long other) {
        var place = from;
        while (true) {
            place = indexOfEither(bytes, place, limit, quotePattern, other);
            if (escapes || place >= limit - 2 || bytes[place] != quote) {
                return place;
            }
            var behind = bytes[place + 1];
            if (behind == quote) {
                place += 2;
            } else if (behind == delimiter
                    && longDelimiter.length == 1
                    && bytes[place + 2] == quote) {
                place += 3;
            } else {
                return place;
            }
        }
    }

    private Step end(byte[] bytes, int end, int behind) {
        textEnd = withoutCr(bytes, end, behind);
        if (textEnd - start > maxRecordBytes) {
            return fail(bytes, behind);
        }
        next = behind;
        if (textEnd == start && !blankIsRecord) {
            return Step.BLANK;
        }
        return opened ? Step.QUOTED : Step.PLAIN;
    }

    private Step fail(byte[] bytes, int stop) {
        failedFrom = start;
        failedAt = at;
        failedInside = inside;
        failedFieldsFrom = fieldsFrom;
        var end = indexOf(bytes, start, stop, lineBreak);
        next = Math.min(end + 1, stop);
        textEnd = withoutCr(bytes, end, next);
        if (end == stop && stop - start == window()) {
            failedAt = 0; // the bytes that follow will stand elsewhere
            textEnd = stop - 1; // the last byte kept may be the line break's CR
            return Step.CLIPPED;
        }
        return textEnd - start > maxRecordBytes ? Step.TOO_LONG : Step.UNCLOSED;
    }

    /// @param behind the byte after the line break, or `end` when the source ends without one
    private int withoutCr(byte[] bytes, int end, int behind) {
        var cr = lineBreak == LF && end < behind && end > start && bytes[end - 1] == CR;
        return cr ? end - 1 : end;
    }

    /// What ends a record.
    byte lineBreak() {
        return lineBreak;
    }
}

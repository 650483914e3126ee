package dev.millrace.format;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds whether the lines of a source's head that begin with `#` or `%` are comments. What may be
/// a record is never taken for one: a line with as many fields as the records have is a record or
/// the header, `#id,name` as well as `#1,foo`. Nor is anything taken where records have one field,
/// or where the others do not agree without these lines. Of what is left:
///
/// - **Before the header** they are lines to be skipped, and say nothing of lines that follow, when
///   they have half of a record's fields at most and either are written as comments (the sign, then
///   a blank, the sign again, or nothing) or names follow; or, whatever they have, when names
///   follow that stand over numbers.
/// - **Between records** they are comments when all are written as comments, or as some before the
///   header are that are none in form, and no other record is damaged, but for a source that has
///   some before the header too: else they may be what a line break in a text has cut off.
///
/// Where the form says one thing and the number of fields another, none is guessed.
final class CommentDetector {
    private static final char[] MARKERS = {'#', '%'};
    private static final double NEARLY_ALL = 0.9;
    private static final int SHOWN_BYTES = 60;

    private final byte[] head;
    private final int length;
    private final boolean whole;
    private final SourceOptions asked;
    private final char marker;

    /// How the source is read with records where the marker begins a line.
    private final DialectDetector plain;

    private CommentDetector(
            byte[] head, int length, boolean whole, SourceOptions asked, char marker) {
        this.head = head;
        this.length = length;
        this.whole = whole;
        this.asked = asked;
        this.marker = marker;
        this.plain = new DialectDetector(head, length, whole, asked);
    }

    /// What was found.
    ///
    /// @param marker with what comments begin, or [Dialect#NO_COMMENT]
    /// @param skip how many lines stand before the header, or null where that is for others to find
    record Comments(char marker, @Nullable Integer skip, List<String> reasons) {
        static final Comments NONE = new Comments(Dialect.NO_COMMENT, null, List.of());

        /// What is asked for, and what was found besides.
        SourceOptions in(SourceOptions asked) {
            var more = marker == Dialect.NO_COMMENT ? asked : asked.withComment(marker);
            return skip == null ? more : more.withSkip(skip);
        }
    }

    /// @param head UTF-8, the source's beginning
    /// @param whole whether that is all of it
    /// @throws MillraceException AMBIGUOUS_DIALECT when they may as well be records, and what
    ///   [DialectDetector#detect] throws
    static Comments detect(byte[] head, int length, boolean whole, SourceOptions asked) {
        if (asked.comment() == null) {
            for (var marker : MARKERS) {
                var found =
                        isFree(marker, asked) && beginsALine(head, length, marker)
                                ? new CommentDetector(head, length, whole, asked, marker).find()
                                : Comments.NONE;
                if (!found.equals(Comments.NONE)) {
                    return found;
                }
            }
        }
        return Comments.NONE;
    }

    private static boolean isFree(char marker, SourceOptions asked) {
        return (asked.quote() == null || asked.quote() != marker)
                && (asked.delimiter() == null || asked.delimiter().indexOf(marker) < 0);
    }

    private static boolean beginsALine(byte[] head, int length, char marker) {
        return IntStream.range(0, length)
                .anyMatch(i -> head[i] == marker && (i == 0 || isLineBreak(head[i - 1])));
    }

    private static boolean isLineBreak(byte sign) {
        return sign == '\n' || sign == '\r';
    }

    private Comments find() {
        var isFirst = isMarked(behindEmptyLines(plain.begin()));
        if (isFirst && asked.skip() != null) {
            return Comments.NONE; // it is told what stands there
        }
        var without = withoutComments();
        if (without == null || without.fields < 2 || without.share() < NEARLY_ALL) {
            return Comments.NONE;
        }
        var from = isFirst ? plain.begin() : without.from();
        var all = DialectFit.of(head, from, length, whole, without.dialect.withoutComment());
        var marked = IntStream.rangeClosed(0, all.records).filter(i -> isMarked(all, i)).toArray();
        // Where a quote goes from a comment into records, they cannot be compared.
        if (all.records - marked.length != without.records) {
            return Comments.NONE;
        }
        if (isFirst) {
            return without.from() == from ? beforeHeader(all, without) : Comments.NONE;
        }
        return isReadAlike(without) ? between(all, without, 0, true) : Comments.NONE;
    }

    private int behindEmptyLines(int from) {
        var at = from;
        while (at < length && isLineBreak(head[at])) {
            at++;
        }
        return at;
    }

    /// How the source is read with comments, or null where that cannot be told.
    private @Nullable DialectFit withoutComments() {
        try {
            return new DialectDetector(head, length, whole, asked.withComment(marker)).header();
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.AMBIGUOUS_DIALECT) {
                throw e;
            }
            return null;
        }
    }

    /// Whether comments would change nothing else of how the source is read.
    private boolean isReadAlike(DialectFit without) {
        var fit = plain.header();
        return fit.from() == without.from()
                && fit.dialect.delimiter().equals(without.dialect.delimiter());
    }

    /// Judges lines before the header or first row, and then those behind it.
    private Comments beforeHeader(DialectFit all, DialectFit without) {
        var numbers = IntStream.rangeClosed(0, all.records);
        var lead = (int) numbers.takeWhile(i -> isMarked(all, i)).count();
        if (lead > all.records) {
            return Comments.NONE;
        }
        var like = 0;
        while (like < lead && all.count(like) != without.fields) {
            like++;
        }
        if (like > 0 && plain.beginsWithHeader()) {
            return Comments.NONE; // by another delimiter
        }
        if (like < lead) {
            return maybeHeader(all, without, like);
        }
        var follows = asked.columns() == null && all.isHeader(all.start(lead));
        var areShort = areShort(all, without, lead);
        var areWritten = areWrittenAsComments(all, lead);
        var areComments =
                (areShort && (areWritten || follows)) || (follows && without.standsOverNumbers());
        if (!areComments && follows) {
            throw ambiguous(all, 0, "a comment or the header");
        }
        if (!areComments) {
            return Comments.NONE;
        }
        var behind = between(all, without, lead, areWritten);
        return behind.marker == marker ? behind : skipping(all, lead, behind.reasons);
    }

    /// Judges a line before the first record that has as many fields, as the header has. If it is
    /// the header, or a row, no dialect with comments would have it.
    private Comments maybeHeader(DialectFit all, DialectFit without, int number) {
        if (asked.columns() != null) {
            return Comments.NONE;
        }
        if (without.standsOverNumbers()) {
            throw ambiguous(all, number, "a comment or the header");
        }
        var isHeader =
                number > 0
                        && (areShort(all, without, number) || areWrittenAsComments(all, number))
                        && all.isHeader(all.start(number))
                        && !isNumbered(all, number);
        return isHeader ? skipping(all, number, List.of()) : Comments.NONE;
    }

    /// Whether the first so many have half of a record's fields at most.
    private static boolean areShort(DialectFit all, DialectFit without, int number) {
        return IntStream.range(0, number).allMatch(i -> all.count(i) * 2 <= without.fields);
    }

    private boolean areWrittenAsComments(DialectFit all, int number) {
        return IntStream.range(0, number).allMatch(i -> isWrittenAsComment(all, i));
    }

    /// Whether a digit follows the marker.
    private boolean isNumbered(DialectFit all, int number) {
        var next = all.start(number) + 1;
        return next < length && Character.isDigit(head[next]);
    }

    private Comments skipping(DialectFit all, int header, List<String> more) {
        var reason =
                header == 1
                        ? "a line that begins with '%c' stands before the header".formatted(marker)
                        : "%,d lines that begin with '%c' stand before the header"
                                .formatted(header, marker);
        var reasons = Stream.concat(Stream.of(reason), more.stream()).toList();
        return new Comments(Dialect.NO_COMMENT, plain.lines(all.start(header)), reasons);
    }

    /// Judges the lines behind the first record.
    ///
    /// @param first the number of that record
    /// @param inForm whether none before it is one that is not written as comments are
    private Comments between(DialectFit all, DialectFit without, int first, boolean inForm) {
        var marked =
                IntStream.rangeClosed(first + 1, all.records)
                        .filter(i -> isMarked(all, i))
                        .boxed()
                        .toList();
        var records = marked.stream().filter(i -> all.count(i) == without.fields).toList();
        var others = marked.size() - records.size();
        if (others == 0) {
            return Comments.NONE;
        }
        var areWritten = marked.stream().allMatch(i -> isWrittenAsComment(all, i));
        if (!records.isEmpty() && areWritten) {
            throw ambiguous(all, records.getFirst(), "a comment or a record");
        }
        var isSound = without.agreeing == without.records || (first > 0 && areWritten);
        var isSure = without.records > 0 && isSound && (areWritten || !inForm);
        if (records.isEmpty() && isSure) {
            return new Comments(marker, null, List.of(comments(first + others, without.fields)));
        }
        return new Comments(Dialect.NO_COMMENT, null, List.of(undecided(others)));
    }

    private String comments(int lines, int fields) {
        return (lines == 1
                        ? "a line that begins with '%c' is a comment: records have %,d fields, and it"
                                + " has not"
                        : "%3$,d lines that begin with '%1$c' are comments: records have %2$,d fields,"
                                + " and none of these has")
                .formatted(marker, fields, lines);
    }

    private String undecided(int lines) {
        return lines == 1
                ? "a line that begins with '%c' is read as a record, though it may be a comment"
                        .formatted(marker)
                : "%,d lines that begin with '%c' are read as records, though they may be comments"
                        .formatted(lines, marker);
    }

    private boolean isMarked(DialectFit all, int number) {
        return isMarked(all.start(number));
    }

    private boolean isMarked(int at) {
        return at < length && head[at] == marker;
    }

    /// Whether nothing, a blank or the marker again stands behind the marker.
    private boolean isWrittenAsComment(DialectFit all, int number) {
        var next = all.start(number) + 1;
        return next >= length
                || head[next] == ' '
                || head[next] == marker
                || isLineBreak(head[next]);
    }

    private MillraceException ambiguous(DialectFit all, int number, String what) {
        var start = all.start(number);
        var end = start;
        while (end < Math.min(length, start + SHOWN_BYTES) && !isLineBreak(head[end])) {
            end++;
        }
        var line = new String(head, start, end - start, StandardCharsets.UTF_8);
        return new MillraceException(
                ErrorCode.AMBIGUOUS_DIALECT,
                "The source can be read in 2 ways: the line '%s' is %s"
                        .formatted(line.replaceAll("\\p{Cntrl}", "·"), what),
                "Say --comment '%c' if lines that begin so are comments, or --comment none."
                        .formatted(marker),
                null);
    }
}

package dev.millrace.format;

import static java.util.Objects.requireNonNullElse;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Escape;
import dev.millrace.core.Evidence;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds line break, delimiter, quote, escapes and what stands before the header from a source's
/// first records. What the caller asked for is taken as it is; the rest is found so:
///
/// - Records end with CR when there is one and no LF at all, else with LF or CRLF.
/// - The quote is `"`. It is `'` instead when fields are quoted with `'`, all of them cleanly, none
///   with `"`, and either it takes that for the records to have as many fields as the header, or
///   there are at least as many such fields as half the records. It is none when quotes open fields
///   and more records are malformed for it than fields close cleanly, three at least, and more
///   agree with the header without. (One or two may just be damaged, and are better rejected than
///   loaded with a stray quote.)
/// - Backslashes escape when quoted fields go on behind a quote that closes them, do not once a
///   backslash before it takes it as text, and more records agree with the header then. Sequences
///   such as `\t` are escapes in a source with tabs and without quotes when every backslash begins
///   one and some are doubled; if none is, that cannot be told.
/// - The delimiter is the one of `,`, `;`, tab, `|`, `||`, `::` and U+0001 under which the largest
///   share of the records has as many fields as the header; of equals, the one with the most quoted
///   fields, then with the most fields. Of those that are equal in all of this none is guessed. One
///   that the header does not hold is out: a lone column of numbers such as `1,5` has no delimiter.
///   Where all are out, `,` it is. U+0001 is out where another makes more fields. A colon is never
///   guessed, because times are full of them. Two characters are it only where no record disagrees.
/// - The header is the first record, unless fewer than half of the records agree with it and
///   [DialectFit#headerBehindPreamble] finds another.
/// - Lines are comments where [CommentDetector] says so.
/// - Records have a trailing delimiter when nearly all have one field more than the header has
///   names, an empty one, or the header has too.
public final class DialectDetector {
    private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|", "\u0001");
    private static final List<String> DOUBLES = List.of("||", "::");

    private static final Comparator<DialectFit> WORST_FIRST =
            Comparator.comparingDouble(DialectFit::share)
                    .thenComparingInt(fit -> fit.quotedFields)
                    .thenComparingInt(fit -> fit.fields);

    /// So many malformed records are no accident.
    private static final int DAMAGED = 3;

    private static final double NEARLY_ALL = 0.9;
    private static final double FEW = 0.5;

    private final byte[] head;
    private final int length;
    private final boolean whole;
    private final SourceOptions asked;
    private final char lineBreak;

    DialectDetector(byte[] head, int length, boolean whole, SourceOptions asked) {
        this.head = head;
        this.length = length;
        this.whole = whole;
        this.asked = asked;
        this.lineBreak = lineBreak(head, length, whole);
    }

    /// What was found.
    ///
    /// @param skipped how many lines stand before the header
    public record Found(Dialect dialect, int skipped, Evidence evidence) {}

    /// @param head UTF-8, the source's beginning
    /// @param whole whether that is all of it
    /// @throws MillraceException INVALID_REQUEST when what was asked for is not a dialect;
    ///   AMBIGUOUS_DIALECT when two fit equally well
    public static Found detect(byte[] head, int length, boolean whole, SourceOptions asked) {
        var comments = CommentDetector.detect(head, length, whole, asked);
        return new DialectDetector(head, length, whole, comments.in(asked))
                .detect(comments.reasons());
    }

    private Found detect(List<String> more) {
        var fit = withSequences(header());
        var skipped = requireNonNullElse(asked.skip(), lines(fit.from()));
        var reasons = reasons(fit, skipped);
        reasons.addAll(more);
        var evidence = new Evidence((int) Math.floor(100 * fit.share()), reasons);
        return new Found(fit.dialect, skipped, evidence);
    }

    /// How the source is read from its header on, but for escape sequences.
    DialectFit header() {
        var likeliest = likeliest(begin());
        if (asked.skip() == null && asked.columns() == null && likeliest.share() < FEW) {
            likeliest = requireNonNullElse(behindPreamble(begin()), likeliest);
        }
        return withTrailing(likeliest);
    }

    /// Whether most records have as many fields as the first one, by some delimiter.
    boolean beginsWithHeader() {
        return rivals(begin()).stream()
                .map(this::withTrailing)
                .anyMatch(fit -> fit.fields > 1 && fit.share() >= FEW);
    }

    /// Where the line behind those begins that are to be skipped.
    int begin() {
        return behind(requireNonNullElse(asked.skip(), 0));
    }

    private DialectFit likeliest(int from) {
        var rivals = rivals(from);
        if (rivals.size() > 1) {
            throw ambiguous(rivals);
        }
        return rivals.getFirst();
    }

    /// Those that fit best, one at least.
    private List<DialectFit> rivals(int from) {
        var best = new ArrayList<DialectFit>();
        if (asked.delimiter() != null) {
            return List.of(bestQuote(from, asked.delimiter()));
        }
        for (var delimiter : DELIMITERS) {
            best.add(bestQuote(from, delimiter));
        }
        for (var delimiter : DOUBLES) {
            if (holds(delimiter)) {
                addDouble(best, bestQuote(from, delimiter));
            }
        }
        var fitting =
                best.stream()
                        .filter(fit -> fit.fields > 1 && !isWithin(fit, best))
                        .sorted(WORST_FIRST)
                        .toList();
        if (fitting.isEmpty()) {
            return List.of(best.getFirst());
        }
        var likeliest = fitting.getLast();
        return fitting.stream().filter(f -> WORST_FIRST.compare(f, likeliest) == 0).toList();
    }

    /// A pair takes its character's place, which would find an empty field between the two.
    private static void addDouble(List<DialectFit> best, DialectFit pair) {
        if (pair.fields > 1 && pair.records > 0 && pair.agreeing == pair.records) {
            best.removeIf(fit -> pair.dialect.delimiter().startsWith(fit.dialect.delimiter()));
            best.add(pair);
        }
    }

    /// U+0001 also stands between the values of a field: where another one makes more fields, it
    /// does.
    private static boolean isWithin(DialectFit fit, List<DialectFit> all) {
        return fit.dialect.delimiter().equals("\u0001")
                && all.stream().anyMatch(other -> other.fields > fit.fields);
    }

    private boolean holds(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var at = 0; at < length - 1; at++) {
            if (head[at] == bytes[0] && head[at + 1] == bytes[1]) {
                return true;
            }
        }
        return false;
    }

    /// What the last CR of a part is followed by is not in view.
    private static char lineBreak(byte[] head, int length, boolean whole) {
        var seen = whole ? length : Math.max(length - 1, 0);
        var hasCr = ByteSearch.indexOf(head, 0, seen, (byte) '\r') < seen;
        var hasLf = ByteSearch.indexOf(head, 0, length, (byte) '\n') < length;
        return hasCr && !hasLf ? '\r' : '\n';
    }

    /// Where the line after so many begins.
    private int behind(int lines) {
        var at = 0;
        for (var i = 0; i < lines && at < length; i++) {
            at = Math.min(ByteSearch.indexOf(head, at, length, (byte) lineBreak) + 1, length);
        }
        return at;
    }

    /// The best of the dialects that find a header behind a preamble, or null.
    private @Nullable DialectFit behindPreamble(int from) {
        var delimiters = asked.delimiter() == null ? DELIMITERS : List.of(asked.delimiter());
        var best = new ArrayList<DialectFit>();
        for (var delimiter : delimiters) {
            var whole = bestQuote(from, delimiter);
            var header = whole.headerBehindPreamble();
            if (header > 0) {
                best.add(bestQuote(header, delimiter));
            }
        }
        var likeliest = best.stream().max(WORST_FIRST).orElse(null);
        if (likeliest == null) {
            return null;
        }
        var rivals = best.stream().filter(fit -> WORST_FIRST.compare(fit, likeliest) == 0).toList();
        if (rivals.size() > 1) {
            throw ambiguous(rivals);
        }
        return likeliest;
    }

    /// How many lines end before this place.
    int lines(int to) {
        var lines = 0;
        for (var at = 0; at < to; at++) {
            lines += head[at] == lineBreak ? 1 : 0;
        }
        return lines;
    }

    private MillraceException ambiguous(List<DialectFit> rivals) {
        var readings = rivals.stream().map(DialectFit::shown).collect(Collectors.joining("; "));
        return new MillraceException(
                ErrorCode.AMBIGUOUS_DIALECT,
                "The source can be read in %d ways that fit equally well: %s"
                        .formatted(rivals.size(), readings),
                "Say what stands between its fields, such as --delimiter '%s'."
                        .formatted(rivals.getFirst().name()),
                null);
    }

    private DialectFit fit(int from, String delimiter, char quote, Escape escape) {
        var comment = requireNonNullElse(asked.comment(), Dialect.NO_COMMENT);
        var dialect = new Dialect(delimiter, quote, lineBreak, escape, comment, false);
        return fit(from, dialect);
    }

    private DialectFit fit(int from, Dialect dialect) {
        return DialectFit.of(head, from, length, whole, dialect);
    }

    private DialectFit bestQuote(int from, String delimiter) {
        var escape = requireNonNullElse(asked.escape(), Escape.NONE);
        if (asked.quote() != null) {
            return bestEscape(from, fit(from, delimiter, asked.quote(), escape));
        }
        if (escape == Escape.SEQUENCES || delimiter.equals("\"") || delimiter.equals("'")) {
            return fit(from, delimiter, Dialect.NO_QUOTE, escape);
        }
        var usual = bestEscape(from, fit(from, delimiter, '"', escape));
        if (usual.quotedFields > usual.malformed) {
            return usual;
        }
        var single = bestEscape(from, fit(from, delimiter, '\'', escape));
        if (usual.quotedFields == 0
                && single.quotedFields > 0
                && single.malformed == 0
                && (single.agreeing > usual.agreeing
                        || single.quotedFields * 2 >= single.records)) {
            return single;
        }
        var none = fit(from, delimiter, Dialect.NO_QUOTE, escape);
        return usual.malformed >= DAMAGED && none.agreeing > usual.agreeing ? none : usual;
    }

    /// The same, or with backslashes that escape.
    private DialectFit bestEscape(int from, DialectFit fit) {
        var dialect = fit.dialect;
        if (asked.escape() != null
                || fit.malformed == 0
                || !dialect.hasQuote()
                || dialect.quote() == '\\'
                || dialect.delimiter().indexOf('\\') >= 0) {
            return fit;
        }
        var escaped = fit(from, dialect.withEscape(Escape.BACKSLASH));
        return escaped.malformed == 0 && escaped.agreeing > fit.agreeing ? escaped : fit;
    }

    private DialectFit withTrailing(DialectFit fit) {
        if (Boolean.TRUE.equals(asked.trailing())) {
            return fit(fit.from(), fit.dialect.withTrailing());
        }
        if (asked.trailing() != null || fit.records == 0 || fit.fields < 2) {
            return fit;
        }
        var likely = fit.isHeaderClosed() || fit.trailing >= Math.max(1, NEARLY_ALL * fit.records);
        if (!likely) {
            return fit;
        }
        var trailing = fit(fit.from(), fit.dialect.withTrailing());
        return trailing.share() >= NEARLY_ALL ? trailing : fit;
    }

    private DialectFit withSequences(DialectFit fit) {
        if (asked.escape() != null
                || asked.quote() != null
                || !fit.dialect.delimiter().equals("\t")
                || fit.quotedFields > 0) {
            return fit;
        }
        return switch (Backslashes.of(head, fit.from(), length)) {
            case NONE, TEXT -> fit;
            case SEQUENCES -> fit(fit.from(), fit.dialect.withEscape(Escape.SEQUENCES));
            case EITHER ->
                    throw new MillraceException(
                            ErrorCode.AMBIGUOUS_DIALECT,
                            "The source can be read in 2 ways: backslashes such as in '%s' are"
                                            .formatted(
                                                    Backslashes.example(head, fit.from(), length))
                                    + " text, or begin sequences that stand for other characters",
                            "Say --escape none for text, or --escape sequences.",
                            null);
        };
    }

    private List<String> reasons(DialectFit fit, int skipped) {
        var reasons = new ArrayList<String>();
        if (asked.delimiter() == null && fit.fields > 1) {
            reasons.add(
                    "with '%s' %,d of the first %,d records have %,d fields, as the header has"
                            .formatted(fit.name(), fit.agreeing, fit.records, fit.fields));
        } else if (asked.delimiter() == null) {
            reasons.add("no delimiter parts the header: there is one column");
        }
        if (asked.quote() == null && fit.dialect.hasQuote() && fit.quotedFields > 0) {
            reasons.add(
                    fit.quotedFields == 1
                            ? "1 field stands in " + fit.dialect.quote()
                            : "%,d fields stand in %s"
                                    .formatted(fit.quotedFields, fit.dialect.quote()));
        }
        if (asked.quote() == null
                && !fit.dialect.hasQuote()
                && fit.dialect.escape() == Escape.NONE) {
            reasons.add("quotes that open fields mostly do not close them: they are text");
        }
        if (asked.escape() == null && fit.dialect.escape() == Escape.BACKSLASH) {
            reasons.add("backslashes stand before quotes within fields");
        }
        if (asked.escape() == null && fit.dialect.escape() == Escape.SEQUENCES) {
            reasons.add("every backslash begins an escape sequence, and some are doubled");
        }
        if (asked.trailing() == null && fit.dialect.trailing()) {
            reasons.add("records end with a delimiter");
        }
        if (asked.skip() == null && skipped > 0) {
            reasons.add(
                    "%,d %s before the header: from there on the records have as many fields"
                            .formatted(skipped, skipped == 1 ? "line stands" : "lines stand"));
        }
        return reasons;
    }
}

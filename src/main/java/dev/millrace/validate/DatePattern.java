package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.validate.DateFormat.Kind;
import dev.millrace.validate.DateFormat.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes a date format out of its pattern, which is spelled as java.time's DateTimeFormatter spells
/// it, with these of its letters: `yyyy`; `M`, `MM`, `MMM` (Jan), `MMMM` (January); `d`, `dd`; `H`,
/// `HH`, or `h`, `hh` with `a` (AM, PM); `m`, `mm`; `s`, `ss`; `S` for each digit of a fraction;
/// `XXX` (+02:00), `XX` (+0200), `X` (+02), which take Z too, and `Z` (+0200). One letter stands
/// for one digit or two. Letters in single quotes, and all that are no letters, stand for
/// themselves; names of months and AM and PM are English, in any case. Or the pattern is one of the
/// names `unixSeconds`, `unixMillis`, `unixMicros` and `unixNanos`.
final class DatePattern {
    private static final Map<String, Integer> COUNTS =
            Map.of("unixSeconds", 0, "unixMillis", 3, "unixMicros", 6, "unixNanos", 9);
    private static final String RESERVED = "[]{}#";
    private static final byte[] NO_LITERAL = new byte[0];
    private static final String LETTERS =
            "Use yyyy, M, MM, MMM, MMMM, d, dd, H, HH, h, hh, a, m, mm, s, ss, S, X, XX, XXX and Z"
                    + " as java.time's DateTimeFormatter has them, other letters in single quotes; or"
                    + " unixSeconds, unixMillis, unixMicros or unixNanos.";

    private final String column;
    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private final boolean[] has = new boolean[DateReading.FIELDS];
    private boolean hasHalfDay;
    private boolean hasFraction;
    private boolean hasOffset;

    /// Whether the last step is a number of no fixed length.
    private boolean open;

    private DatePattern(String column, String text) {
        this.column = column;
        this.text = text;
    }

    /// @param column the name of the column that has the format
    /// @param isDay whether the column holds days, which no offset or count can name
    /// @throws MillraceException INVALID_MODEL, naming the column, the letter and its place
    static DateFormat compile(String column, String text, boolean isDay) {
        var pattern = new DatePattern(column, text);
        var count = COUNTS.get(text);
        if (count != null) {
            pattern.hasOffset = true;
            pattern.steps.add(new Step(Kind.COUNT, 0, count, 0, NO_LITERAL));
        } else {
            pattern.read();
            pattern.requireWhole();
        }
        if (isDay && pattern.hasOffset) {
            throw pattern.fault("names a point in time, and which day that is depends on a zone");
        }
        return new DateFormat(text, pattern.steps.toArray(Step[]::new), pattern.hasHalfDay);
    }

    private void read() {
        var at = 0;
        while (at < text.length()) {
            var c = text.charAt(at);
            if (c == '\'') {
                at = readQuoted(at);
            } else if (isLetter(c)) {
                var end = at + 1;
                while (end < text.length() && text.charAt(end) == c) {
                    end++;
                }
                readLetters(c, end - at, at + 1);
                at = end;
            } else if (RESERVED.indexOf(c) >= 0) {
                throw fault("has %s at character %d, which must stand in quotes", c, at + 1);
            } else {
                var end = at + Character.charCount(text.codePointAt(at));
                addLiteral(text.substring(at, end), at + 1);
                at = end;
            }
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /// Reads what stands in quotes; two quotes, in quotes or not, are one.
    private int readQuoted(int start) {
        if (text.startsWith("''", start)) {
            addLiteral("'", start + 1);
            return start + 2;
        }
        var literal = new StringBuilder();
        for (var at = start + 1; at < text.length(); at++) {
            if (text.charAt(at) != '\'') {
                literal.append(text.charAt(at));
            } else if (text.startsWith("''", at)) {
                literal.append(text.charAt(at++));
            } else {
                addLiteral(literal.toString(), start + 1);
                return at + 1;
            }
        }
        throw fault("has a quote at character %d that does not close", start + 1);
    }

    private void addLiteral(String literal, int place) {
        requireClosed(Character.isDigit(literal.charAt(0)), place);
        steps.add(new Step(Kind.LITERAL, 0, 0, 0, literal.getBytes(UTF_8)));
    }

    private void readLetters(char letter, int count, int place) {
        switch (letter) {
            case 'y' -> {
                if (count == 2) {
                    throw fault(
                            "has yy at character %d, which leaves the century to be guessed",
                            place);
                }
                addNumber(DateReading.YEAR, letter, count, 4, place);
            }
            case 'M' -> readMonth(count, place);
            case 'd' -> addNumber(DateReading.DAY, letter, count, 2, place);
            case 'H' -> addNumber(DateReading.HOUR, letter, count, 2, place);
            case 'h' -> addNumber(DateReading.HALF_DAY_HOUR, letter, count, 2, place);
            case 'm' -> addNumber(DateReading.MINUTE, letter, count, 2, place);
            case 's' -> addNumber(DateReading.SECOND, letter, count, 2, place);
            case 'S' -> {
                requireOnce(hasFraction, letter, place);
                requireCount(count <= DateFormat.NANO_DIGITS, letter, count, place);
                requireClosed(true, place);
                hasFraction = true;
                steps.add(new Step(Kind.FRACTION, 0, count, count, NO_LITERAL));
            }
            case 'a' -> {
                requireOnce(hasHalfDay, letter, place);
                requireCount(count == 1, letter, count, place);
                hasHalfDay = true;
                add(Kind.HALF_DAY);
            }
            case 'X', 'Z' -> {
                requireOnce(hasOffset, letter, place);
                requireCount(count <= 3, letter, count, place);
                hasOffset = true;
                add(offset(letter, count));
            }
            default ->
                    throw fault(
                            "has the letter %s at character %d, which is none of its own"
                                    .formatted(letter, place));
        }
    }

    private static Kind offset(char letter, int count) {
        if (letter == 'Z') {
            return Kind.OFFSET_DIGITS;
        }
        return switch (count) {
            case 1 -> Kind.OFFSET_SHORT;
            case 2 -> Kind.OFFSET_PLAIN;
            default -> Kind.OFFSET_COLON;
        };
    }

    private void readMonth(int count, int place) {
        if (count < 3) {
            addNumber(DateReading.MONTH, 'M', count, 2, place);
            return;
        }
        requireCount(count <= 4, 'M', count, place);
        requireOnce(has[DateReading.MONTH], 'M', place);
        has[DateReading.MONTH] = true;
        add(count == 3 ? Kind.MONTH_ABBREVIATION : Kind.MONTH_NAME);
    }

    private void addNumber(int field, char letter, int count, int digits, int place) {
        requireCount(count == digits || (count == 1 && digits == 2), letter, count, place);
        requireOnce(has[field], letter, place);
        requireClosed(true, place);
        has[field] = true;
        steps.add(new Step(Kind.NUMBER, field, count, digits, NO_LITERAL));
        open = count < digits;
    }

    private void add(Kind kind) {
        open = false;
        steps.add(new Step(kind, 0, 0, 0, NO_LITERAL));
    }

    /// Where digits follow a number of one digit or two, nobody can tell which it is.
    private void requireClosed(boolean digits, int place) {
        if (open && digits) {
            throw fault(
                    "has digits at character %d right behind a number of one digit or two: write"
                            + " that with two letters",
                    place);
        }
        open = false;
    }

    private void requireCount(boolean right, char letter, int count, int place) {
        if (!right) {
            throw fault(
                    "has %s at character %d: the letter cannot stand %d times",
                    String.valueOf(letter).repeat(count), place, count);
        }
    }

    private void requireOnce(boolean there, char letter, int place) {
        if (there) {
            throw fault("has %s again at character %d", letter, place);
        }
    }

    /// A day, and of a time no part without the greater one.
    private void requireWhole() {
        require(has[DateReading.YEAR], "no year (yyyy)");
        require(has[DateReading.MONTH], "no month (MM)");
        require(has[DateReading.DAY], "no day (dd)");
        require(!has[DateReading.HALF_DAY_HOUR] || hasHalfDay, "hh without a, for AM and PM");
        require(!hasHalfDay || has[DateReading.HALF_DAY_HOUR], "a without hh");
        var hour = has[DateReading.HOUR] || has[DateReading.HALF_DAY_HOUR];
        require(!has[DateReading.HOUR] || !has[DateReading.HALF_DAY_HOUR], "both HH and hh");
        require(hour || !has[DateReading.MINUTE], "minutes and no hour");
        require(has[DateReading.MINUTE] || !has[DateReading.SECOND], "seconds and no minutes");
        require(has[DateReading.SECOND] || !hasFraction, "a fraction and no seconds");
        require(hour || !hasOffset, "an offset from UTC and no hour");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw fault("has %s", otherwise);
        }
    }

    private MillraceException fault(String what, Object... args) {
        return new MillraceException(
                ErrorCode.INVALID_MODEL,
                "Column '%s': the date format '%s' %s"
                        .formatted(column, text, what.formatted(args)),
                LETTERS,
                null);
    }
}

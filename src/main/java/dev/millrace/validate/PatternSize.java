package dev.millrace.validate;

import org.jspecify.annotations.Nullable;

/// How large a model's pattern is once its repeats are written out, which is what RE2/J does before
/// it runs one: `((a{1000}){1000}){1000}` would be a program of a billion steps. The measure errs
/// on the large side, by the letters of a group's name or flags; whether the pattern is one at all
/// is RE2/J's to say. Not thread-safe.
final class PatternSize {
    private static final int MOST_CHARACTERS = 1_000;
    private static final int MOST_DEPTH = 100;
    private static final int MOST_STEPS = 10_000;

    private final String pattern;
    private int next;

    /// The steps of the groups that are open, the whole pattern's first.
    private final long[] steps = new long[MOST_DEPTH + 1];

    private int depth;

    /// Those of what a repeat would repeat; they are in their group's too.
    private long last;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    /// Why a pattern is too large, or null when it is not.
    static @Nullable String excess(String pattern) {
        if (pattern.length() > MOST_CHARACTERS) {
            return "a pattern has %d characters at most, not %d"
                    .formatted(MOST_CHARACTERS, pattern.length());
        }
        return new PatternSize(pattern).excess();
    }

    private @Nullable String excess() {
        while (next < pattern.length()) {
            if (pattern.charAt(next) == '(' && depth == MOST_DEPTH) {
                return "a pattern has groups in groups %d deep at most".formatted(MOST_DEPTH);
            }
            measureNext();
            if (steps[depth] > MOST_STEPS) {
                return "a pattern has %d steps at most, its repeats written out"
                        .formatted(MOST_STEPS);
            }
        }
        return null;
    }

    private void measureNext() {
        switch (pattern.charAt(next)) {
            case '(' -> {
                next++;
                steps[++depth] = 1;
                last = 0;
            }
            case ')' -> {
                next++;
                closeGroup();
            }
            case '*', '+', '?' -> {
                next++;
                steps[depth]++;
                last++;
            }
            case '{' -> repeat();
            case '[' -> {
                next = afterClass();
                add(1);
            }
            case '\\' -> escape();
            default -> {
                next++;
                add(1);
            }
        }
    }

    private void add(int items) {
        steps[depth] += items;
        last = 1;
    }

    private void closeGroup() {
        if (depth > 0) {
            last = steps[depth--];
            steps[depth] += last;
        }
    }

    /// A count such as `{3}`, `{3,}` or `{3,5}`; anything else in braces is itself.
    private void repeat() {
        var close = pattern.indexOf('}', next);
        var count = close < 0 ? -1 : count(pattern.substring(next + 1, close));
        if (count < 0) {
            next++;
            add(1);
            return;
        }
        next = close + 1;
        var repeated = last * Math.max(count, 1);
        steps[depth] += repeated - last;
        last = repeated;
    }

    /// The greater of the counts, or -1 when these are none.
    private static int count(String counts) {
        var comma = counts.indexOf(',');
        var least = number(comma < 0 ? counts : counts.substring(0, comma));
        var most =
                comma < 0 || comma == counts.length() - 1 ? 0 : number(counts.substring(comma + 1));
        return least < 0 || most < 0 ? -1 : Math.max(least, most);
    }

    private static int number(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > 5 ? MOST_STEPS + 1 : Integer.parseInt(digits);
    }

    private int afterClass() {
        var i = next + 1;
        if (pattern.startsWith("^", i)) {
            i++;
        }
        // A bracket that closes nothing is a member.
        if (pattern.startsWith("]", i)) {
            i++;
        }
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            var named = pattern.startsWith("[:", i) ? pattern.indexOf(":]", i + 2) : -1;
            i = named >= 0 ? named + 2 : i + (pattern.charAt(i) == '\\' ? 2 : 1);
        }
        return i + 1;
    }

    /// An escape, `\Q…\E`, or a character by its name or number, whose braces are no repeat.
    private void escape() {
        if (pattern.startsWith("\\Q", next)) {
            var end = pattern.indexOf("\\E", next);
            var stop = end < 0 ? pattern.length() : end;
            add(stop - next);
            next = stop + 2;
            return;
        }
        var braced =
                pattern.startsWith("p{", next + 1)
                        || pattern.startsWith("P{", next + 1)
                        || pattern.startsWith("x{", next + 1);
        var close = braced ? pattern.indexOf('}', next) : -1;
        next = close < 0 ? next + 2 : close + 1;
        add(1);
    }
}

package dev.millrace.infer;

import java.util.List;

/// The words of a Bool, in pairs: a column of one pair is a Bool.
final class BoolWords {
    static final List<String> WORDS =
            List.of(
                    "true",
                    "false",
                    "yes",
                    "no",
                    "y",
                    "n",
                    "t",
                    "f",
                    "on",
                    "off",
                    "enabled",
                    "disabled");

    private BoolWords() {}

    /// Whether the words that are there are those of one pair: both, or of `true` and `false` one.
    ///
    /// @param counts by word
    static boolean arePair(long[] counts) {
        var pair = -1;
        for (var i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                if (pair >= 0 && pair != i / 2) {
                    return false;
                }
                pair = i / 2;
            }
        }
        return pair == 0 || (pair > 0 && counts[2 * pair] > 0 && counts[2 * pair + 1] > 0);
    }
}

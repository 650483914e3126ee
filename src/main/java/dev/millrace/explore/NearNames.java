package dev.millrace.explore;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/// What somebody may have meant by a name that is not there.
final class NearNames {
    private static final int MOST_NEAR = 3;
    private static final int MOST_SHOWN = 10;
    private static final int MOST_CHARACTERS = 200;

    private NearNames() {}

    /// A sentence: the names that are near, or else what there is.
    static String of(String name, Collection<String> there) {
        var wanted = name.toLowerCase(Locale.ROOT);
        var most = Math.max(2, wanted.length() / 3);
        var near =
                there.stream()
                        .filter(each -> distance(wanted, each.toLowerCase(Locale.ROOT)) <= most)
                        .sorted(
                                Comparator.comparingInt(
                                        each -> distance(wanted, each.toLowerCase(Locale.ROOT))))
                        .limit(MOST_NEAR)
                        .collect(Collectors.joining("', '"));
        if (!near.isEmpty()) {
            return "Is it '%s'?".formatted(near);
        }
        if (there.isEmpty()) {
            return "There is none that this user may see.";
        }
        var shown = there.stream().limit(MOST_SHOWN).collect(Collectors.joining("', '"));
        return "There is '%s'%s.".formatted(shown, there.size() > MOST_SHOWN ? " and others" : "");
    }

    /// How many characters have to be changed, put in or left out (Levenshtein), up to a length.
    private static int distance(String a, String b) {
        if (a.length() > MOST_CHARACTERS || b.length() > MOST_CHARACTERS) {
            return a.equals(b) ? 0 : MOST_CHARACTERS;
        }
        var above = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var row = new int[b.length() + 1];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}

package dev.millrace.infer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Names that a model's columns can have, made of those in a header: a name stays as it is if it
/// can.
final class ColumnNames {
    private static final int MOST_CHARACTERS = 128;
    private static final String OURS = "_millrace_";

    private ColumnNames() {}

    /// @return one for each, all different
    static List<String> of(List<String> header) {
        var taken = new HashSet<>(header);
        var names = new ArrayList<String>(header.size());
        for (var field : header) {
            var name = name(field);
            names.add(name.equals(field) ? name : distinct(name, taken));
        }
        return names;
    }

    /// Whether a column can be called so.
    static boolean isOne(String field) {
        return name(field).equals(field);
    }

    private static String name(String field) {
        var name = field.replaceAll("\\p{Cntrl}", " ");
        if (name.startsWith(OURS)) {
            name = name.substring(1);
        }
        if (name.length() > MOST_CHARACTERS) {
            var half = Character.isHighSurrogate(name.charAt(MOST_CHARACTERS - 1));
            name = name.substring(0, half ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
        }
        return name.isBlank() ? "column" : name;
    }

    private static String distinct(String name, Set<String> taken) {
        var distinct = name;
        for (var i = 2; !taken.add(distinct); i++) {
            var end = "_" + i;
            distinct =
                    name.substring(0, Math.min(name.length(), MOST_CHARACTERS - end.length()))
                            + end;
        }
        return distinct;
    }
}

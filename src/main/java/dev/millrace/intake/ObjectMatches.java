package dev.millrace.intake;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStore;
import dev.millrace.core.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The objects whose keys match a pattern: `*` stands for any characters but `/`, `**` for any, `?`
/// for one but `/`, `[abc]`, `[a-z]` and `[!a]` for one of a set. Only the parts of a bucket are
/// listed in which something can match.
final class ObjectMatches {
    /// As many as one asks for at a time, and no more.
    static final int MOST = 10_000;

    private static final String DELIMITER = "/";

    private final ObjectStore store;
    private final ObjectName pattern;
    private final List<StoredObject> found = new ArrayList<>();

    private ObjectMatches(ObjectStore store, ObjectName pattern) {
        this.store = store;
        this.pattern = pattern;
    }

    /// Whether a key is a pattern. An object with such a character in its key is named by a set of
    /// one: `[*]`.
    static boolean isPattern(ObjectName name) {
        return wild(name.key()) >= 0;
    }

    private static int wild(String text) {
        for (var i = 0; i < text.length(); i++) {
            if ("*?[".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /// @return in the order of their keys' UTF-8 bytes; none when nothing matches
    /// @throws MillraceException INVALID_REQUEST when it is no pattern, or more than [#MOST] match;
    ///   as the store does
    static List<StoredObject> of(ObjectStore store, ObjectName pattern) {
        var matches = new ObjectMatches(store, pattern);
        matches.find("", pattern.key());
        matches.found.sort(
                Comparator.comparing(
                        object -> object.name().key().getBytes(StandardCharsets.UTF_8),
                        Arrays::compareUnsigned));
        return matches.found;
    }

    /// @param before the beginning of keys, up to and with a `/`, that matches what stands before
    ///   `rest` in the pattern
    private void find(String before, String rest) {
        var at = wild(rest);
        if (at < 0) {
            list(before + rest, null, Pattern.compile(Pattern.quote(before + rest)), null);
            return;
        }
        var plain = rest.lastIndexOf(DELIMITER, at) + 1;
        var fixed = before + rest.substring(0, plain);
        var slash = rest.indexOf(DELIMITER, at);
        var part = slash < 0 ? rest.substring(plain) : rest.substring(plain, slash);
        var prefix = before + rest.substring(0, at);
        if (part.contains("**")) {
            list(prefix, null, regex(fixed, rest.substring(plain)), null);
        } else if (slash < 0) {
            list(prefix, DELIMITER, regex(fixed, part), null);
        } else {
            list(prefix, DELIMITER, regex(fixed, part + DELIMITER), rest.substring(slash + 1));
        }
    }

    /// @param rest what of the pattern comes behind the `/` of what matches here; null when objects
    ///   match here
    private void list(
            String prefix, @Nullable String delimiter, Pattern matching, @Nullable String rest) {
        String next = null;
        do {
            var page = store.list(pattern.bucket(), prefix, delimiter, next);
            if (rest == null) {
                page.objects().stream()
                        .filter(object -> matching.matcher(object.name().key()).matches())
                        .forEach(this::add);
            } else {
                for (var folder : page.prefixes()) {
                    if (matching.matcher(folder).matches()) {
                        find(folder, rest);
                    }
                }
            }
            next = page.next();
        } while (next != null);
    }

    private void add(StoredObject object) {
        if (found.size() == MOST) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "More than %,d objects match %s".formatted(MOST, pattern),
                    "Ask for fewer at a time.",
                    null);
        }
        found.add(object);
    }

    private Pattern regex(String fixed, String glob) {
        var regex = new StringBuilder(Pattern.quote(fixed));
        for (var i = 0; i < glob.length(); i++) {
            var c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    var any = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
                    regex.append(any ? ".*" : "[^/]*");
                    i += any ? 1 : 0;
                }
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    var end = glob.indexOf(']', i + 2);
                    if (end < 0) {
                        throw wrong("'[' without ']'");
                    }
                    regex.append(set(glob.substring(i + 1, end)));
                    i = end;
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw wrong(e.getDescription());
        }
    }

    private static String set(String of) {
        var negated = of.startsWith("!") || of.startsWith("^");
        var members = (negated ? of.substring(1) : of).replaceAll("([\\\\\\[\\]&^])", "\\\\$1");
        return (negated ? "[^/" : "[") + members + "]";
    }

    private MillraceException wrong(String how) {
        return new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is no pattern: %s".formatted(pattern, how),
                "Known: *, **, ?, [abc], [a-z] and [!a].",
                null);
    }
}

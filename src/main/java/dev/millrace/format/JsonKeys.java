package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The keys of a source's objects, and in what order they come: the key that followed another the
/// last time is looked for first. Not thread-safe.
final class JsonKeys {
    private static final int NONE = -1;

    private final List<String> names;
    private final Map<String, Integer> fieldOf = new HashMap<>();
    private final byte[][] keys;

    /// Whether JSON writes a key as it is.
    private final boolean[] plain;

    /// For each field which one followed it last, and behind all of them which came first.
    private final int[] following;

    JsonKeys(List<String> names) {
        this.names = names;
        keys = names.stream().map(name -> name.getBytes(UTF_8)).toArray(byte[][]::new);
        plain = new boolean[keys.length];
        following = new int[keys.length + 1];
        for (var field = 0; field < keys.length; field++) {
            fieldOf.put(names.get(field), field);
            plain[field] = isPlain(keys[field]);
            following[field] = field + 1 < keys.length ? field + 1 : NONE;
        }
        following[keys.length] = keys.length > 0 ? 0 : NONE;
    }

    String name(int field) {
        return names.get(field);
    }

    /// How many bytes the key has.
    int length(int field) {
        return keys[field].length;
    }

    /// The field that follows `before` when the key at `from` is its, without escapes; else -1.
    ///
    /// @param before a field, or -1 at the object's beginning
    int next(int before, byte[] bytes, int from, int to) {
        var field = following[before == NONE ? keys.length : before];
        if (field == NONE) {
            return NONE;
        }
        var key = keys[field];
        var end = from + key.length;
        return end < to
                        && bytes[end] == '"'
                        && Arrays.equals(bytes, from, end, key, 0, key.length)
                        && plain[field]
                ? field
                : NONE;
    }

    private static boolean isPlain(byte[] key) {
        for (var b : key) {
            if (b == '"' || b == '\\' || (b & 0xE0) == 0) {
                return false;
            }
        }
        return true;
    }

    /// The field of the key in `[from, to)`, or -1.
    int find(byte[] bytes, int from, int to) {
        var name = JsonText.read(bytes, from, to);
        return name == null ? NONE : fieldOf.getOrDefault(name, NONE);
    }

    /// Notes which field followed another.
    void learn(int before, int field) {
        if (field != NONE) {
            following[before == NONE ? keys.length : before] = field;
        }
    }
}

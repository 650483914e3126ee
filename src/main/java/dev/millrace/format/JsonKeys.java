package dev.millrace.format;

import static dev.millrace.format.ByteSearch.word;
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

    /// Each key with its closing quote, and zeros up to eight bytes at least.
    private final byte[][] keys;

    /// How many bytes each key has, without its quote.
    private final int[] lengths;

    /// Which of the first eight bytes belong to a key and its quote.
    private final long[] masks;

    /// Whether JSON writes a key as it is.
    private final boolean[] plain;

    /// For each field which one followed it last, and behind all of them which came first.
    private final int[] following;

    JsonKeys(List<String> names) {
        this.names = names;
        keys = new byte[names.size()][];
        lengths = new int[keys.length];
        masks = new long[keys.length];
        plain = new boolean[keys.length];
        following = new int[keys.length + 1];
        for (var field = 0; field < keys.length; field++) {
            fieldOf.put(names.get(field), field);
            var key = names.get(field).getBytes(UTF_8);
            var length = key.length;
            plain[field] = isPlain(key);
            lengths[field] = length;
            keys[field] = Arrays.copyOf(key, Math.max(length + 1, Long.BYTES));
            keys[field][length] = '"';
            masks[field] = length + 1 < Long.BYTES ? (1L << (Byte.SIZE * (length + 1))) - 1 : -1L;
            following[field] = field + 1 < keys.length ? field + 1 : NONE;
        }
        following[keys.length] = keys.length > 0 ? 0 : NONE;
    }

    String name(int field) {
        return names.get(field);
    }

    /// How many bytes the key has.
    int length(int field) {
        return lengths[field];
    }

    /// The field that follows `before` when the key at `from` is its, without escapes; else -1.
    ///
    /// @param before a field, or -1 at the object's beginning
    int next(int before, byte[] bytes, int from, int to) {
        var field = following[before == NONE ? keys.length : before];
        if (field == NONE) {
            return NONE;
        }
        return plain[field] && lengths[field] < to - from && stands(field, bytes, from)
                ? field
                : NONE;
    }

    /// Whether a key and its quote, which are no longer than what is left, stand at `from`: word by
    /// word, since keys are short and a call that compares arrays costs more than it does.
    private boolean stands(int field, byte[] bytes, int from) {
        var key = keys[field];
        if (from > bytes.length - key.length) {
            return Arrays.equals(
                    bytes, from, from + lengths[field] + 1, key, 0, lengths[field] + 1);
        }
        var different = (word(bytes, from) ^ word(key, 0)) & masks[field];
        var last = key.length - Long.BYTES;
        for (var at = Long.BYTES; at < last; at += Long.BYTES) {
            different |= word(bytes, from + at) ^ word(key, at);
        }
        if (last > 0) {
            different |= word(bytes, from + last) ^ word(key, last);
        }
        return different == 0;
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

package dev.millrace.validate;

import dev.millrace.core.LittleEndian;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of texts in which a text is found by its bytes, in a time that does not grow with the
/// list. Immutable.
final class TextTable {
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    /// A hash table with at most half of its places taken; a text stands at the place of its hash
    /// or at the next free one. Places without a text are null.
    private final byte[] @Nullable [] texts;

    /// @param texts at least one; what is there twice counts once
    TextTable(List<byte[]> texts) {
        this.texts = new byte[2 * Integer.highestOneBit(2 * texts.size() - 1)][];
        for (var text : texts) {
            this.texts[placeOf(text, 0, text.length)] = text;
        }
    }

    /// One more than the greatest place.
    int places() {
        return texts.length;
    }

    /// The place of a text, from 0, or -1 when it is not in the list.
    int find(byte[] bytes, int start, int end) {
        var place = placeOf(bytes, start, end);
        return texts[place] == null ? -1 : place;
    }

    /// Where a text stands, or would.
    private int placeOf(byte[] bytes, int start, int end) {
        var place = hash(bytes, start, end) & (texts.length - 1);
        for (var text = texts[place]; text != null; text = texts[place]) {
            if (Arrays.equals(text, 0, text.length, bytes, start, end)) {
                return place;
            }
            place = (place + 1) & (texts.length - 1);
        }
        return place;
    }

    private static int hash(byte[] bytes, int start, int end) {
        var hash = (long) (end - start);
        var i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = (hash ^ LittleEndian.getLong(bytes, i)) * MIXER;
        }
        for (; i < end; i++) {
            hash = (hash ^ bytes[i]) * MIXER;
        }
        return (int) (hash >>> Integer.SIZE);
    }
}

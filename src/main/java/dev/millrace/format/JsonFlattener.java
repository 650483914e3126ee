package dev.millrace.format;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;

/// JSON objects in an array, or one after the other, as JSON Lines: what stands between them is
/// left out, and a line break within one is a space. (Within a text, where JSON allows none, it is
/// a CR, which JSON does not allow there either.) Not thread-safe.
///
/// It throws SOURCE_DAMAGED when the source ends within an object or an array, or goes on behind
/// the array.
final class JsonFlattener implements Content {
    private static final int CHUNK_BYTES = 64 << 10;

    private final Content json;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int from;
    private int to;
    private boolean ended;

    /// Whether an array is around the objects, and whether it is closed.
    private boolean inArray;

    private boolean closed;

    /// How many brackets are open, that of the array not counted.
    private int depth;

    private boolean inText;
    private boolean escaped;

    /// Whether bytes of a record were written behind the last line break.
    private boolean inRecord;

    private long records;

    JsonFlattener(Content json) {
        this.json = json;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        var at = offset;
        while (at < offset + length) {
            if (from == to && !fill()) {
                break;
            }
            var value = chunk[from++];
            if (inText) {
                into[at++] = value == '\n' ? (byte) '\r' : value;
                if (escaped) {
                    escaped = false;
                } else if (value == '\\') {
                    escaped = true;
                } else if (value == '"') {
                    inText = false;
                }
                continue;
            }
            if (depth > 0) {
                at = within(value, into, at);
            } else {
                at = between(value, into, at);
            }
        }
        return at > offset ? at - offset : -1;
    }

    private int within(byte value, byte[] into, int at) {
        switch (value) {
            case '"' -> inText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case '\n', '\r' -> {
                into[at] = ' ';
                return at + 1;
            }
            default -> {}
        }
        into[at] = value;
        return at + 1;
    }

    /// What stands between records; anything but an object is a record of its own, and malformed.
    private int between(byte value, byte[] into, int at) {
        if (isBlank(value)) {
            return inRecord ? endRecord(into, at) : at;
        }
        if (closed) {
            throw damaged("The source goes on behind the array's closing bracket");
        }
        if (value == ',' && inArray) {
            return inRecord ? endRecord(into, at) : at;
        }
        if (value == ']' && inArray) {
            closed = true;
            return inRecord ? endRecord(into, at) : at;
        }
        if (value == '[' && !inArray && records == 0 && !inRecord) {
            inArray = true;
            return at;
        }
        if (inRecord && (value == '{' || value == '[')) {
            from--;
            return endRecord(into, at);
        }
        if (value == '{' || value == '[') {
            depth++;
        } else if (value == '"') {
            inText = true;
        }
        inRecord = true;
        into[at] = value;
        return at + 1;
    }

    private int endRecord(byte[] into, int at) {
        records++;
        inRecord = false;
        into[at] = '\n';
        return at + 1;
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\t' || value == '\n' || value == '\r';
    }

    private boolean fill() {
        if (ended) {
            return false;
        }
        from = 0;
        to = Math.max(json.read(chunk, 0, chunk.length), 0);
        if (to > 0) {
            return true;
        }
        ended = true;
        if (depth > 0 || inText || (inArray && !closed)) {
            throw damaged("The source ends before its JSON does");
        }
        return false;
    }

    private MillraceException damaged(String what) {
        return new MillraceException(
                ErrorCode.SOURCE_DAMAGED,
                "%s, behind %,d whole records".formatted(what, records),
                "Check that the file is whole: its brackets and quotes do not pair.",
                null);
    }
}

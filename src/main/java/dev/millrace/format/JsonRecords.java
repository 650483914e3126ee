package dev.millrace.format;

import static dev.millrace.format.ByteSearch.highs;
import static dev.millrace.format.ByteSearch.mayMatch;
import static dev.millrace.format.ByteSearch.pattern;
import static dev.millrace.format.ByteSearch.word;

import dev.millrace.core.Dialect;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceRecord;
import java.util.List;
import java.util.function.Predicate;

/// Reads the records of a split of JSON Lines (RFC 8259 a line): the values of an object's keys are
/// the fields that the header names, in its order, whatever the order in the object. A key that an
/// object lacks is [RecordBlock#NULL], as `null` is.
///
/// A line that is not one JSON object is malformed, and so is one with a key of the header twice,
/// or with half a surrogate pair. Whether text is valid UTF-8 is judged where it is read.
final class JsonRecords extends RecordByRecord {
    private static final long QUOTE = pattern((byte) '"');
    private static final long BACKSLASH = pattern((byte) '\\');
    private static final long CONTROLS = 0x2020202020202020L;
    private static final int NONE = -1;

    private final JsonKeys keys;
    private final Predicate<String> refused;
    private final int fields;
    private final JsonText text = new JsonText();

    /// In which record each field was found last, by a number of this reader's own.
    private final long[] foundIn;

    private long current;

    /// Where the fields of the record go that is read.
    private int[] starts = new int[0];

    private int[] ends = starts;
    private byte[] quotes = new byte[0];
    private int first;
    private int stride;

    /// What is wrong with the record that is read.
    private String problem = "";

    /// @param header the keys whose values are wanted
    /// @param refused whether a record may not have a key that the header lacks
    JsonRecords(
            byte[] split,
            int offset,
            int length,
            List<String> header,
            long firstRow,
            int maxRecordBytes,
            Predicate<String> refused) {
        super(
                split,
                offset,
                length,
                new RecordScanner(Dialect.LINES, 0, maxRecordBytes),
                JsonText::unescape,
                firstRow,
                maxRecordBytes);
        keys = new JsonKeys(header);
        fields = header.size();
        foundIn = new long[fields];
        this.refused = refused;
    }

    @Override
    String cut(SourceRecord into, int from, int to, boolean quoted) {
        into.growTo(fields);
        starts = into.starts;
        ends = into.ends;
        quotes = into.quotes;
        first = 0;
        stride = 1;
        into.fields = fields;
        problem = "";
        return readObject(from, to) ? "" : problem;
    }

    @Override
    boolean add(RecordBlock into, int from, int to, boolean quoted) {
        starts = into.starts;
        ends = into.ends;
        quotes = into.quotes;
        first = into.records;
        stride = into.stride();
        return into.fields == fields && readObject(from, to);
    }

    private boolean readObject(int from, int to) {
        current++;
        var at = blanks(from, to);
        if (at == to || split[at] != '{') {
            return fail("The line is no JSON object");
        }
        at = blanks(at + 1, to);
        var found = 0;
        var before = NONE;
        if (at < to && split[at] == '}') {
            at++;
        } else {
            while (true) {
                if (at == to || split[at] != '"') {
                    return failAt("A key in quotes is missing", from, at);
                }
                var field = keys.next(before, split, at + 1, to);
                if (field != NONE) {
                    at += keys.length(field) + 2;
                } else {
                    var keyEnd = text.find(split, at + 1, to);
                    if (keyEnd < 0) {
                        return failAt(text.problem(), from, text.at());
                    }
                    field = keys.find(split, at + 1, keyEnd);
                    if (field == NONE && refuses(at + 1, keyEnd)) {
                        return false;
                    }
                    keys.learn(before, field);
                    at = keyEnd + 1;
                }
                at = blanks(at, to);
                if (at == to || split[at] != ':') {
                    return failAt("A colon is missing behind a key", from, at);
                }
                at = readValue(field, blanks(at + 1, to), to);
                if (at < 0) {
                    return failAt(text.problem(), from, text.at());
                }
                if (field != NONE) {
                    if (foundIn[field] == current) {
                        return fail("The key '%s' is there twice".formatted(keys.name(field)));
                    }
                    foundIn[field] = current;
                    found++;
                    before = field;
                }
                at = blanks(at, to);
                if (at < to && split[at] == ',') {
                    at = blanks(at + 1, to);
                } else if (at < to && split[at] == '}') {
                    at++;
                    break;
                } else {
                    return failAt("A comma or the closing brace is missing", from, at);
                }
            }
        }
        if (blanks(at, to) != to) {
            return failAt("Something follows the object", from, at);
        }
        if (found < fields) {
            fillAbsent(from);
        }
        return true;
    }

    /// Reads the value at `at`, as that of a field unless it is [#NONE].
    ///
    /// @return the byte after it, or -1
    private int readValue(int field, int at, int to) {
        if (at < to && split[at] == '"') {
            var plainEnd = plainText(at + 1, to);
            if (plainEnd < to && split[plainEnd] == '"') {
                put(field, at + 1, plainEnd, RecordBlock.QUOTED);
                return plainEnd + 1;
            }
            var textEnd = text.find(split, at + 1, to);
            if (textEnd < 0) {
                return -1;
            }
            put(field, at + 1, textEnd, RecordBlock.ESCAPED);
            return textEnd + 1;
        }
        var valueEnd = text.skip(split, at, to);
        if (valueEnd < 0) {
            return -1;
        }
        var written =
                switch (split[at]) {
                    case 'n' -> RecordBlock.NULL;
                    case '{', '[' -> RecordBlock.NESTED;
                    default -> RecordBlock.UNQUOTED;
                };
        put(field, at, valueEnd, written);
        return valueEnd;
    }

    /// The first quote, backslash or control character of a text, or `to`.
    private int plainText(int from, int to) {
        var at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            var word = word(split, at);
            var found =
                    highs(
                            mayMatch(word, QUOTE)
                                    | mayMatch(word, BACKSLASH)
                                    | ((word - CONTROLS) & ~word));
            if (found != 0) {
                return at + ByteSearch.first(found);
            }
        }
        while (at < to && split[at] != '"' && split[at] != '\\' && (split[at] & 0xE0) != 0) {
            at++;
        }
        return at;
    }

    private void put(int field, int start, int valueEnd, byte written) {
        if (field != NONE) {
            var place = first + field * stride;
            starts[place] = start;
            ends[place] = valueEnd;
            quotes[place] = written;
        }
    }

    private void fillAbsent(int at) {
        for (var field = 0; field < fields; field++) {
            if (foundIn[field] != current) {
                put(field, at, at, RecordBlock.NULL);
            }
        }
    }

    private boolean refuses(int from, int to) {
        var name = JsonText.read(split, from, to);
        if (name == null) {
            return !fail("A key is no valid UTF-8");
        }
        return refused.test(name)
                && !fail("The key '%s' is none of the source's first records".formatted(name));
    }

    private int blanks(int from, int to) {
        var at = from;
        while (at < to && (split[at] == ' ' || split[at] == '\t' || split[at] == '\r')) {
            at++;
        }
        return at;
    }

    private boolean failAt(String what, int from, int at) {
        return fail("%s, at byte %,d of the line".formatted(what, at - from + 1));
    }

    private boolean fail(String what) {
        problem = what;
        return false;
    }
}

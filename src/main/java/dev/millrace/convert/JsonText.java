package dev.millrace.convert;

import dev.millrace.core.Limits;
import dev.millrace.core.RecordBlock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// JSON as bytes that grow, written value by value.
///
/// Integers have all their digits; decimals are in plain notation, with as many digits behind the
/// point as their scale says; floats and doubles are the shortest text that reads back the same,
/// those that are no numbers the texts `"nan"`, `"inf"` and `"-inf"`. Days are `"YYYY-MM-DD"`; a
/// timestamp is `"YYYY-MM-DDThh:mm:ss"`, with a fraction of its unit's length unless that is zero,
/// and with `Z` when it is an instant. Texts keep their very bytes, whether they are UTF-8 or not;
/// only quotes, backslashes and control characters are escaped.
///
/// Not thread-safe.
final class JsonText {
    /// The longest record, in bytes: as JSON, a record that is loaded may take a few times the
    /// room.
    static final int MAX_RECORD_BYTES = 4 * Limits.MAX_RECORD_BYTES;

    /// What is copied word by word, up to seven bytes too many.
    private static final int SHORT_BYTES = 48;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] NULL = ascii("null");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] HEX = ascii("0123456789abcdef");

    /// `"00"` to `"99"`, two bytes each.
    private static final byte[] PAIRS = pairs();

    /// What stands behind the backslash for each control character, 0 for none: then its number
    /// stands there.
    private static final byte[] ESCAPES = new byte[32];

    /// The other way round; a character that stands for itself is itself.
    private static final byte[] ESCAPED = new byte[128];

    static {
        ESCAPES['\b'] = 'b';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\f'] = 'f';
        ESCAPES['\r'] = 'r';
        for (var i = 0; i < ESCAPED.length; i++) {
            ESCAPED[i] = (byte) i;
        }
        for (var i = 0; i < ESCAPES.length; i++) {
            if (ESCAPES[i] != 0) {
                ESCAPED[ESCAPES[i]] = (byte) i;
            }
        }
    }

    private static final long MAX_EXACT = 1_000_000_000_000_000L;

    private final TimeText times = new TimeText();
    private final StringBuilder number = new StringBuilder(32);
    private byte[] bytes;
    private int length;
    private int valueStart;

    /// Whether the value that was begun last has escapes, and whether that is not known.
    private boolean hasEscapes;

    private boolean mayHaveEscapes;

    JsonText() {
        this(64);
    }

    /// @param room for how many bytes it begins with
    JsonText(int room) {
        bytes = new byte[room];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] pairs() {
        var pairs = new byte[200];
        for (var i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }

    /// A name as it stands before a value, quotes and colon included.
    static byte[] key(String name) {
        var key = new JsonText();
        key.text(name);
        key.put(':');
        return Arrays.copyOf(key.bytes, key.length);
    }

    /// The text that stands in JSON as this one wrote it.
    static String unquote(String json) {
        var text = new StringBuilder();
        for (var i = 1; i < json.length() - 1; i++) {
            var c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            var letter = json.charAt(++i);
            if (letter == 'u') {
                text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                text.append(letter < ESCAPED.length ? (char) ESCAPED[letter] : letter);
            }
        }
        return text.toString();
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /// Forgets what stands behind so many bytes, and gives back the room for it.
    void cutOff(int from) {
        bytes = Arrays.copyOf(bytes, from);
        length = from;
    }

    void startValue() {
        valueStart = length;
        hasEscapes = false;
        mayHaveEscapes = false;
    }

    /// How the value is written that was begun last and is whole, one of [RecordBlock]'s constants.
    byte written() {
        return switch (bytes[valueStart]) {
            case '"' ->
                    hasEscapes || (mayHaveEscapes && hasBackslash())
                            ? RecordBlock.ESCAPED
                            : RecordBlock.QUOTED;
            case 'n' -> RecordBlock.NULL;
            case '{', '[' -> RecordBlock.NESTED;
            default -> RecordBlock.UNQUOTED;
        };
    }

    private boolean hasBackslash() {
        for (var i = valueStart; i < length; i++) {
            if (bytes[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /// Makes room for so many more bytes.
    private void need(int more) {
        if (more > bytes.length - length) {
            grow(more);
        }
    }

    private void grow(int more) {
        checkRecord((long) length - valueStart + more);
        bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + bytes.length / 2));
    }

    /// @param recordBytes what one record, or a value of it, takes
    static void checkRecord(long recordBytes) {
        if (recordBytes > MAX_RECORD_BYTES) {
            throw Trouble.unsupported(
                    "A record takes more than %,d bytes as JSON".formatted(MAX_RECORD_BYTES),
                    "Split it into several records, or leave out its largest field.");
        }
    }

    void put(int character) {
        need(1);
        bytes[length++] = (byte) character;
    }

    void raw(byte[] ascii) {
        mayHaveEscapes = true;
        need(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    /// Bytes that are JSON already; few, mostly, so that words are quicker than a call.
    void raw(byte[] json, int from, int to) {
        mayHaveEscapes = true;
        var count = to - from;
        if (count > SHORT_BYTES || json.length - to < Long.BYTES - 1) {
            copy(json, from, to);
            return;
        }
        need(SHORT_BYTES + Long.BYTES);
        for (var i = 0; i < count; i += Long.BYTES) {
            WORD.set(bytes, length + i, (long) WORD.get(json, from + i));
        }
        length += count;
    }

    void nothing() {
        raw(NULL);
    }

    void truth(boolean value) {
        raw(value ? TRUE : FALSE);
    }

    void whole(long value) {
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                raw(ascii("-9223372036854775808"));
                return;
            }
            put('-');
        }
        digits(Math.abs(value), 1);
    }

    void unsigned(long value) {
        if (value >= 0) {
            digits(value, 1);
        } else {
            raw(ascii(Long.toUnsignedString(value)));
        }
    }

    /// @param least how many digits to write at least, with zeros before
    private void digits(long value, int least) {
        need(24);
        var count = Math.max(least, digitCount(value));
        var at = length + count;
        length = at;
        var rest = value;
        while (rest >= 100) {
            var pair = (int) (rest % 100) * 2;
            rest /= 100;
            bytes[--at] = PAIRS[pair + 1];
            bytes[--at] = PAIRS[pair];
        }
        if (rest >= 10) {
            bytes[--at] = PAIRS[(int) rest * 2 + 1];
            bytes[--at] = PAIRS[(int) rest * 2];
        } else {
            bytes[--at] = (byte) ('0' + rest);
        }
        while (at > length - count) {
            bytes[--at] = '0';
        }
    }

    private static int digitCount(long value) {
        var count = 1;
        for (var limit = 10L; value >= limit; limit *= 10) {
            count++;
            if (count == 19) {
                break;
            }
        }
        return count;
    }

    /// The number unscaled / 10^scale.
    void decimal(long unscaled, int scale) {
        if (scale == 0 || unscaled == Long.MIN_VALUE || scale > 18 || scale < 0) {
            decimal(BigInteger.valueOf(unscaled), scale);
            return;
        }
        if (unscaled < 0) {
            put('-');
        }
        point(Math.abs(unscaled), scale);
    }

    /// Digits of which the last ones, as many as `scale`, stand behind a point.
    private void point(long digits, int scale) {
        digits(digits, scale + 1);
        need(1);
        var point = length - scale;
        System.arraycopy(bytes, point, bytes, point + 1, scale);
        bytes[point] = '.';
        length++;
    }

    /// The number unscaled / 10^scale.
    void decimal(BigInteger unscaled, int scale) {
        var digits = unscaled.abs().toString();
        if (unscaled.signum() < 0) {
            put('-');
        }
        if (scale <= 0) {
            raw(ascii(unscaled.signum() == 0 ? "0" : digits + "0".repeat(-scale)));
            return;
        }
        var padded =
                digits.length() > scale ? digits : "0".repeat(scale + 1 - digits.length()) + digits;
        var point = padded.length() - scale;
        raw(ascii(padded.substring(0, point)));
        put('.');
        raw(ascii(padded.substring(point)));
    }

    void real(double value) {
        var scaled = value * 1_000;
        var whole = Math.rint(scaled);
        // Of two decimals with 15 digits or fewer no double is nearest to both: if this one reads
        // back the same, none is shorter.
        if (Math.abs(whole) < MAX_EXACT && whole / 1_000 == value && value != 0) {
            thousandths((long) whole);
        } else if (Double.isFinite(value)) {
            number.setLength(0);
            shortest(number.append(value));
        } else {
            noNumber(value);
        }
    }

    void real(float value) {
        var whole = Math.rint(value * 1_000d);
        if (Math.abs(whole) < 1_000_000 && (float) (whole / 1_000) == value && value != 0) {
            thousandths((long) whole);
        } else if (Float.isFinite(value)) {
            number.setLength(0);
            shortest(number.append(value));
        } else {
            noNumber(value);
        }
    }

    private void noNumber(double value) {
        raw(ascii(Double.isNaN(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\""));
    }

    private void thousandths(long value) {
        if (value < 0) {
            put('-');
        }
        var digits = Math.abs(value);
        var scale = 3;
        while (scale > 0 && digits % 10 == 0) {
            digits /= 10;
            scale--;
        }
        if (scale == 0) {
            digits(digits, 1);
        } else {
            point(digits, scale);
        }
    }

    /// What Java writes for a number, without a fraction that is zero; but `-0.0`, which without it
    /// some take for an integer that has no sign.
    private void shortest(StringBuilder java) {
        var isZero = java.length() <= 4 && java.indexOf("0.0") >= 0 && java.indexOf("E") < 0;
        var fraction = java.indexOf(".0");
        var after = fraction + 2;
        var isWhole = fraction >= 0 && (after == java.length() || java.charAt(after) == 'E');
        if (isWhole && !(isZero && java.charAt(0) == '-')) {
            java.delete(fraction, after);
        }
        var e = java.indexOf("E");
        if (e > 0 && java.charAt(e + 1) != '-') {
            unfold(java, e);
        }
        need(java.length());
        for (var i = 0; i < java.length(); i++) {
            bytes[length++] = (byte) java.charAt(i);
        }
    }

    /// Takes a power of ten out of a number where it is not longer without.
    private static void unfold(StringBuilder number, int e) {
        var power = Integer.parseInt(number, e + 1, number.length(), 10);
        var point = number.indexOf(".");
        var fraction = point < 0 ? 0 : e - point - 1;
        if (e + Math.max(0, power - fraction) - (power >= fraction && point > 0 ? 1 : 0)
                > number.length()) {
            return;
        }
        number.setLength(e);
        if (point > 0) {
            number.deleteCharAt(point);
        }
        if (power >= fraction) {
            number.repeat('0', power - fraction);
        } else {
            number.insert(point + power, '.');
        }
    }

    void text(String value) {
        var utf8 = value.getBytes(StandardCharsets.UTF_8);
        text(utf8, 0, utf8.length);
    }

    /// A text of these very bytes.
    void text(byte[] value, int offset, int count) {
        need(count + 2);
        bytes[length++] = '"';
        var from = offset;
        var end = offset + count;
        for (var i = offset; i < end; i++) {
            var b = value[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                copy(value, from, i);
                escape(b);
                from = i + 1;
            }
        }
        copy(value, from, end);
        put('"');
    }

    private void copy(byte[] value, int from, int to) {
        need(to - from);
        System.arraycopy(value, from, bytes, length, to - from);
        length += to - from;
    }

    private void escape(byte b) {
        need(6);
        hasEscapes = true;
        bytes[length++] = '\\';
        var letter = b >= ' ' ? b : ESCAPES[b];
        if (letter != 0) {
            bytes[length++] = letter;
            return;
        }
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[b >> 4];
        bytes[length++] = HEX[b & 15];
    }

    /// Opens an object's or list's next place: a comma, unless it is the first.
    void separate(boolean isFirst) {
        if (!isFirst) {
            put(',');
        }
    }

    /// @param day since 1970-01-01
    /// @return false when four digits cannot name its year; then nothing is written
    boolean day(long day) {
        if (!TimeText.canName(day)) {
            return false;
        }
        need(TimeText.MOST_BYTES);
        bytes[length++] = '"';
        length = times.day(day, bytes, length);
        bytes[length++] = '"';
        return true;
    }

    /// @param second since 1970-01-01 00:00:00
    /// @param fraction of the second, in units of 10^-digits seconds
    /// @param isInstant whether it is a point in time, and not what a clock shows somewhere
    /// @return false when four digits cannot name its year; then nothing is written
    boolean timestamp(long second, int fraction, int digits, boolean isInstant) {
        var day = Math.floorDiv(second, TimeText.DAY_SECONDS);
        if (!TimeText.canName(day)) {
            return false;
        }
        need(TimeText.MOST_BYTES + 3);
        bytes[length++] = '"';
        length = times.day(day, bytes, length);
        bytes[length++] = 'T';
        var ofDay = (int) (second - day * TimeText.DAY_SECONDS);
        length = TimeText.clock(ofDay, fraction, digits, bytes, length);
        if (isInstant) {
            bytes[length++] = 'Z';
        }
        bytes[length++] = '"';
        return true;
    }

    /// @param second of the day
    /// @return false when a day has no such second; then nothing is written
    boolean time(long second, int fraction, int digits) {
        if (second < 0 || second >= TimeText.DAY_SECONDS) {
            return false;
        }
        need(TimeText.MOST_BYTES);
        bytes[length++] = '"';
        length = TimeText.clock((int) second, fraction, digits, bytes, length);
        bytes[length++] = '"';
        return true;
    }

    /// A UUID of 16 bytes.
    void uuid(byte[] value, int offset) {
        need(38);
        bytes[length++] = '"';
        for (var i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                bytes[length++] = '-';
            }
            bytes[length++] = HEX[(value[offset + i] >> 4) & 15];
            bytes[length++] = HEX[value[offset + i] & 15];
        }
        bytes[length++] = '"';
    }
}

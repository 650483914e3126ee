package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.RecordBlock;
import dev.millrace.validate.ArrayElements;
import dev.millrace.validate.FieldCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fields of one column are, counted by kinds, in memory that does not grow with them. Not
/// thread-safe.
final class ColumnProfile {
    /// Texts that often stand for no value.
    static final List<String> MARKERS =
            List.of(
                    "NULL", "null", "Null", "N/A", "n/a", "NA", "na", "#N/A", "None", "none", "nil",
                    "NaN", "nan", "NAN", "-", "--", "?", "\\N");

    /// The first of those that may be a float's not-a-number, and how many there are.
    private static final int FIRST_NAN = MARKERS.indexOf("NaN");

    private static final int NANS = 3;
    private static final byte[][] MARKER_BYTES =
            MARKERS.stream().map(m -> m.getBytes(US_ASCII)).toArray(byte[][]::new);
    private static final int LONGEST_MARKER = 4;
    private static final String MARKER_BEGINS = "Nn#-?\\";

    private static final byte[][] BOOL_WORDS = bytes(BoolWords.WORDS);
    private static final int LONGEST_BOOL = "disabled".length();
    private static final byte[][] OTHER_BOOLS = bytes(List.of("enable", "disable"));
    private static final byte[][] INFINITE = bytes(List.of("inf", "infinity"));

    private static final int UUID_LENGTH = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".length();
    private static final int BARE_UUID_LENGTH = 32;
    private static final int LONGEST_TIME = 64;

    /// What is longer is no value of a type but text and arrays; no number of so many digits fits
    /// one.
    private static final int LONGEST_NUMBER = 1_000;

    private static final int MOST_SHAPES = 16;

    /// A column with more texts is one of texts, whatever else it has.
    private static final int ENOUGH_TEXTS = Tally.MOST_ROWS;

    private static final int LONGEST_CODE = 20;

    private final int mostDistinct;
    private final boolean isElement;

    /// Wherever one of the fields is shown.
    final SourceNames sources;

    private final DeclaredTexts declared = new DeclaredTexts();

    private final NumberText number = new NumberText();
    private final TimeText time = new TimeText();
    private final FieldCheck floats = check(new ColumnType.Floating(64));
    private final FieldCheck v4 = check(new ColumnType.IpV4());
    private final FieldCheck v6 = check(new ColumnType.IpV6());
    private final FieldCheck uuid = check(new ColumnType.Uuid());
    private byte[] unescaped = new byte[0];

    final Distinct distinct;
    final long[] markers = new long[MARKERS.size()];

    /// Of those how many stood in quotes.
    long quotedBackslashN;

    long empty;
    long quotedEmpty;

    /// Fields that are not empty, markers included.
    long filled;

    /// Those without quotes; of an array's elements, what cannot be a text.
    long bare;

    /// Of the `\N` without quotes those that are JSON's `null`, or a key that is absent.
    long nulls;

    /// JSON objects and arrays.
    long nested;

    int longest;

    final NumberTally numbers = new NumberTally();
    final CommaNumbers commas = new CommaNumbers();
    final Tally infinite = new Tally();
    final List<TimeTally> times = new ArrayList<>(0);
    final Tally uuids = new Tally();
    final Tally v4s = new Tally();
    final Tally v6s = new Tally();
    final Tally bools = new Tally();
    final long[] boolWords = new long[BOOL_WORDS.length];

    /// What a Bool or a UUID holds too, beside the words and the forms that tell one: `1`, `0`,
    /// `enable` and `disable`, and 32 digits without hyphens. They are counted as what they look
    /// like too.
    final Tally otherBools = new Tally();

    final Tally bareUuids = new Tally();
    final Tally arrays = new Tally();
    @Nullable ColumnProfile elements;
    private @Nullable ArrayElements arrayText;

    /// Texts with digits that look like numbers and are codes, such as `00123` or `12A`.
    final Tally codes = new Tally();

    final Tally texts = new Tally();

    /// Not in the source's encoding.
    final Tally undecodable = new Tally();

    /// @param mostDistinct how many different values are counted
    ColumnProfile(int mostDistinct, SourceNames sources) {
        this(mostDistinct, sources, false);
    }

    private ColumnProfile(int mostDistinct, SourceNames sources, boolean isElement) {
        this.mostDistinct = mostDistinct;
        this.sources = sources;
        this.isElement = isElement;
        distinct = new Distinct(mostDistinct);
    }

    /// What is added next is of another source.
    ///
    /// @param isTyped whether that says of each value whether it is a text
    void begin(boolean isTyped) {
        declared.begin(isTyped, this);
        if (elements != null) {
            elements.begin(isTyped);
        }
    }

    private static FieldCheck check(ColumnType type) {
        return new FieldCheck(new Column("c", type));
    }

    private static byte[][] bytes(List<String> words) {
        return words.stream().map(w -> w.getBytes(US_ASCII)).toArray(byte[][]::new);
    }

    /// Adds a column of a block.
    void addAll(RecordBlock block, int field) {
        var first = block.first(field);
        for (var i = 0; i < block.records; i++) {
            var place = first + i;
            var start = block.starts[place];
            var end = block.ends[place];
            var written = block.written(place);
            if (written != RecordBlock.ESCAPED) {
                add(block.bytes, start, end, written, block.firstRow + i);
            } else {
                if (unescaped.length < end - start) {
                    unescaped = new byte[2 * (end - start)];
                }
                var length = block.unescape(place, unescaped);
                add(unescaped, 0, length, written, block.firstRow + i);
            }
        }
    }

    /// Adds a field.
    ///
    /// @param written how it is written, one of [RecordBlock]'s constants; escapes are read already
    void add(byte[] bytes, int start, int end, byte written, long row) {
        switch (written) {
            case RecordBlock.NULL -> {
                filled++;
                bare++;
                markers[markers.length - 1]++;
                nulls++;
            }
            case RecordBlock.NESTED -> addNested(bytes, start, end, row);
            default -> add(bytes, start, end, written != RecordBlock.UNQUOTED, row);
        }
    }

    /// An array of values is one; anything deeper is a text.
    private void addNested(byte[] bytes, int start, int end, long row) {
        nested++;
        if (!has(bytes, start, end, '{')) {
            add(bytes, start, end, false, row);
            return;
        }
        filled++;
        bare++;
        longest = Math.max(longest, end - start);
        distinct.add(bytes, start, end);
        (FieldCheck.isText(bytes, start, end) ? texts : undecodable).add(bytes, start, end, row);
    }

    private void add(byte[] bytes, int start, int end, boolean quoted, long row) {
        var from = start;
        var to = end;
        if (!quoted) {
            while (from < to && isBlank(bytes[from])) {
                from++;
            }
            while (from < to && isBlank(bytes[to - 1])) {
                to--;
            }
        }
        if (from == to) {
            addEmpty(quoted);
            return;
        }
        filled++;
        bare += quoted ? 0 : 1;
        longest = Math.max(longest, end - start);
        if (!Words.isAscii(bytes, from, to)) {
            distinct.add(bytes, start, end);
            if (!FieldCheck.isText(bytes, from, to)) {
                undecodable.add(bytes, from, to, row);
            } else if (bytes[from] != '[' || isElement || !addArray(bytes, from, to, row)) {
                texts.add(bytes, from, to, row);
            }
            return;
        }
        if (!isMarker(bytes, from, to, quoted)) {
            distinct.add(bytes, start, end);
            if (texts.count + codes.count > ENOUGH_TEXTS) {
                texts.add(bytes, from, to, row);
            } else {
                addKind(bytes, from, to, quoted, row);
            }
        }
    }

    private void addEmpty(boolean quoted) {
        if (quoted) {
            quotedEmpty++;
        } else {
            empty++;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private boolean isMarker(byte[] bytes, int from, int to, boolean quoted) {
        if (to - from > LONGEST_MARKER || isElement || MARKER_BEGINS.indexOf(bytes[from]) < 0) {
            return false;
        }
        for (var i = 0; i < MARKER_BYTES.length; i++) {
            if (Arrays.equals(bytes, from, to, MARKER_BYTES[i], 0, MARKER_BYTES[i].length)) {
                markers[i]++;
                if (quoted && bytes[from] == '\\') {
                    quotedBackslashN++;
                }
                return true;
            }
        }
        return false;
    }

    private void addKind(byte[] bytes, int from, int to, boolean quoted, long row) {
        if (to - from > LONGEST_NUMBER && bytes[from] != '[') {
            texts.add(bytes, from, to, row);
            return;
        }
        var first = bytes[from];
        if (to - from == BARE_UUID_LENGTH && uuid.fits(bytes, from, to, quoted)) {
            bareUuids.add(bytes, from, to, row);
        }
        if (to - from == 1 && (first == '0' || first == '1')) {
            otherBools.add(bytes, from, to, row);
        }
        if (NumberText.isDigit(first) || first == '-' || first == '+' || first == '.') {
            if (number.read(bytes, from, to)) {
                addNumber(bytes, from, to, quoted, row);
                return;
            }
        }
        var length = to - from;
        if (isBool(bytes, from, to)) {
            bools.add(bytes, from, to, row);
        } else if (length <= LONGEST_TIME && addTime(bytes, from, to, row)) {
            return;
        } else if (length == UUID_LENGTH && uuid.fits(bytes, from, to, quoted)) {
            uuids.add(bytes, from, to, row);
        } else if (first == '[' && !isElement && addArray(bytes, from, to, row)) {
            return;
        } else if (NumberText.isDigit(first)
                && has(bytes, from, to, '.')
                && v4.fits(bytes, from, to, quoted)) {
            v4s.add(bytes, from, to, row);
        } else if (has(bytes, from, to, ':') && v6.fits(bytes, from, to, quoted)) {
            v6s.add(bytes, from, to, row);
        } else if (isInfinite(bytes, from, to)) {
            infinite.add(bytes, from, to, row);
        } else if (commas.add(bytes, from, to, row)) {
            numbers.rising = false;
        } else {
            if (isWord(OTHER_BOOLS[0], bytes, from, to)
                    || isWord(OTHER_BOOLS[1], bytes, from, to)) {
                otherBools.add(bytes, from, to, row);
            }
            (isCode(bytes, from, to) ? codes : texts).add(bytes, from, to, row);
        }
    }

    /// A leading zero, or a plus before many digits, is of a code: nobody counts so.
    private void addNumber(byte[] bytes, int from, int to, boolean quoted, long row) {
        var isPhone = bytes[from] == '+' && number.wholeDigits >= 7 && number.isWhole();
        if (number.leadingZero || isPhone) {
            codes.add(bytes, from, to, row);
        } else if ((number.hasExponent || number.isLong())
                && !number.isWhole()
                && !floats.fits(bytes, from, to, quoted)) {
            codes.add(bytes, from, to, row);
        } else if (number.hasExponent) {
            numbers.addExponent(bytes, from, to, row);
        } else if (number.hasPoint) {
            numbers.addDecimal(number, bytes, from, to, row);
        } else {
            numbers.addWhole(number, bytes, from, to, row);
        }
    }

    private boolean addTime(byte[] bytes, int from, int to, long row) {
        if (to - from < 8 || !time.read(bytes, from, to)) {
            return false;
        }
        for (var tally : times) {
            if (time.hasShape(tally.shape)) {
                tally.add(time, bytes, from, to, row);
                return true;
            }
        }
        if (times.size() == MOST_SHAPES) {
            return false;
        }
        var tally = new TimeTally(time.shape());
        times.add(tally);
        tally.add(time, bytes, from, to, row);
        return true;
    }

    private boolean addArray(byte[] bytes, int from, int to, long row) {
        var text = arrayText == null ? new ArrayElements() : arrayText;
        arrayText = text;
        if (!text.isArray(bytes, from, to)) {
            return false;
        }
        var into = elements == null ? element() : elements;
        elements = into;
        arrays.add(bytes, from, to, row);
        text.visit(
                bytes,
                from,
                to,
                (element, start, end, quoted, isNull) -> {
                    if (isNull) {
                        into.markers[0]++;
                    } else {
                        into.add(element, start, end, quoted, row);
                    }
                });
        return true;
    }

    private ColumnProfile element() {
        var element = new ColumnProfile(mostDistinct, sources, true);
        element.begin(declared.isTyped());
        return element;
    }

    private boolean isBool(byte[] bytes, int from, int to) {
        if (to - from > LONGEST_BOOL || bytes[from] < 'A') {
            return false;
        }
        for (var i = 0; i < BOOL_WORDS.length; i++) {
            if (isWord(BOOL_WORDS[i], bytes, from, to)) {
                boolWords[i]++;
                return true;
            }
        }
        return false;
    }

    private static boolean isInfinite(byte[] bytes, int from, int to) {
        var start = bytes[from] == '-' || bytes[from] == '+' ? from + 1 : from;
        return isWord(INFINITE[0], bytes, start, to) || isWord(INFINITE[1], bytes, start, to);
    }

    /// Whether a word in lower case stands there, in any case.
    private static boolean isWord(byte[] word, byte[] bytes, int from, int to) {
        if (to - from != word.length) {
            return false;
        }
        for (var i = 0; i < word.length; i++) {
            if ((bytes[from + i] | 0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /// Whether a short text without blanks has a digit: what stands among numbers may be such.
    private static boolean isCode(byte[] bytes, int from, int to) {
        if (to - from > LONGEST_CODE || has(bytes, from, to, ' ')) {
            return false;
        }
        for (var i = from; i < to; i++) {
            if (NumberText.isDigit(bytes[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(byte[] bytes, int from, int to, char c) {
        for (var i = from; i < to; i++) {
            if (bytes[i] == c) {
                return true;
            }
        }
        return false;
    }

    /// Fields that are neither empty nor a marker.
    long values() {
        var marked = 0L;
        for (var count : markers) {
            marked += count;
        }
        return isElement ? filled : filled - marked;
    }

    /// Whether a source declares all of its values as texts.
    boolean isDeclaredText() {
        return declared.areDeclared(this);
    }

    /// How many fields there are.
    long count() {
        return filled + empty + quotedEmpty;
    }

    /// How often `NaN` stands there.
    long nans() {
        var count = 0L;
        for (var i = FIRST_NAN; i < FIRST_NAN + NANS; i++) {
            count += markers[i];
        }
        return count;
    }

    /// The markers that are there, `\N` only when it stands in quotes: without them it needs no
    /// saying.
    ///
    /// @param nanToo whether `NaN` is one
    List<String> markersSeen(boolean nanToo) {
        var seen = new ArrayList<String>();
        for (var i = 0; i < markers.length; i++) {
            var isNan = i >= FIRST_NAN && i < FIRST_NAN + NANS;
            var count = MARKERS.get(i).equals("\\N") ? quotedBackslashN : markers[i];
            if (count > 0 && (nanToo || !isNan)) {
                seen.add(MARKERS.get(i));
            }
        }
        return seen;
    }

    /// How often `\N` stands there without quotes.
    long backslashN() {
        return markers[markers.length - 1] - quotedBackslashN;
    }

    long timeCount() {
        return times.stream().mapToLong(t -> t.all.count).sum();
    }
}

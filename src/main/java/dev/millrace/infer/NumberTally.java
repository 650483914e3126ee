package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// The numbers of a column: of each kind how many, and between which they are.
final class NumberTally {
    private static final double[] POWERS = powers();

    /// Every Float64 is told from others by so many digits.
    private static final int FLOAT_DIGITS = 17;

    final Tally wholes = new Tally();
    final Tally decimals = new Tally();
    final Tally exponents = new Tally();

    /// The whole numbers that are longs.
    private long min = Long.MAX_VALUE;

    private long max = Long.MIN_VALUE;
    private long minRow;
    private long maxRow;

    /// The others, null while there are none.
    private @Nullable BigInteger bigMin;

    private @Nullable BigInteger bigMax;
    private long bigMinRow;
    private long bigMaxRow;

    /// Whether each whole number is greater than the one before.
    boolean rising = true;

    private long last = Long.MIN_VALUE;

    int wholeDigits;
    int fractionDigits;

    /// The first number with a point or an exponent that has more digits than any Float64 shows;
    /// null while there is none.
    @Nullable Example rounded;

    /// The least and the greatest number that has a point or an exponent, about.
    private double least = Double.POSITIVE_INFINITY;

    private double greatest = Double.NEGATIVE_INFINITY;
    private String leastText = "";
    private String greatestText = "";

    private static double[] powers() {
        var powers = new double[NumberText.LONG_DIGITS + 1];
        var power = 1.0;
        for (var i = 0; i < powers.length; i++) {
            powers[i] = power;
            power *= 10;
        }
        return powers;
    }

    void addWhole(NumberText text, byte[] bytes, int start, int end, long row) {
        wholes.add(bytes, start, end, row);
        wholeDigits = Math.max(wholeDigits, text.wholeDigits);
        if (text.wholeDigits <= NumberText.LONG_DIGITS) {
            addLong(text.negative ? -text.digits : text.digits, row);
        } else {
            rising = false;
            addBig(new BigInteger(new String(bytes, start, end - start, US_ASCII)), row);
        }
    }

    private void addLong(long value, long row) {
        if (value <= last) {
            rising = false;
        }
        last = value;
        if (value < min) {
            min = value;
            minRow = row;
        }
        if (value > max) {
            max = value;
            maxRow = row;
        }
    }

    private void addBig(BigInteger value, long row) {
        if (bigMin == null || value.compareTo(bigMin) < 0) {
            bigMin = value;
            bigMinRow = row;
        }
        if (bigMax == null || value.compareTo(bigMax) > 0) {
            bigMax = value;
            bigMaxRow = row;
        }
    }

    void addDecimal(NumberText text, byte[] bytes, int start, int end, long row) {
        decimals.add(bytes, start, end, row);
        wholeDigits = Math.max(wholeDigits, text.wholeDigits);
        fractionDigits = Math.max(fractionDigits, text.fractionDigits);
        var isLong = text.wholeDigits + text.fractionDigits <= NumberText.LONG_DIGITS;
        var size =
                isLong
                        ? text.digits / POWERS[text.fractionDigits]
                        : Double.parseDouble(new String(bytes, start, end - start, US_ASCII));
        addAbout(isLong && text.negative ? -size : size, bytes, start, end);
        noteRounded(bytes, start, end, row);
    }

    void addExponent(byte[] bytes, int start, int end, long row) {
        exponents.add(bytes, start, end, row);
        addAbout(
                Double.parseDouble(new String(bytes, start, end - start, US_ASCII)),
                bytes,
                start,
                end);
        noteRounded(bytes, start, end, row);
    }

    private void noteRounded(byte[] bytes, int start, int end, long row) {
        if (rounded == null && end - start > FLOAT_DIGITS && hasManyDigits(bytes, start, end)) {
            rounded = Example.of(row, bytes, start, end);
        }
    }

    /// Whether there are more digits than a Float64 shows, zeros at both ends not counted.
    private static boolean hasManyDigits(byte[] bytes, int start, int end) {
        var count = 0;
        var zeros = 0;
        for (var i = start; i < end && (bytes[i] | 0x20) != 'e'; i++) {
            if (bytes[i] == '0') {
                zeros += count > 0 ? 1 : 0;
            } else if (NumberText.isDigit(bytes[i])) {
                count += zeros + 1;
                zeros = 0;
            }
        }
        return count > FLOAT_DIGITS;
    }

    private void addAbout(double value, byte[] bytes, int start, int end) {
        if (value < least) {
            least = value;
            leastText = new String(bytes, start, end - start, US_ASCII);
        }
        if (value > greatest) {
            greatest = value;
            greatestText = new String(bytes, start, end - start, US_ASCII);
        }
    }

    long count() {
        return wholes.count + decimals.count + exponents.count;
    }

    /// The least whole number; there is one.
    BigInteger wholeMin() {
        var least = BigInteger.valueOf(min);
        return bigMin == null ? least : min > max ? bigMin : bigMin.min(least);
    }

    /// The greatest whole number; there is one.
    BigInteger wholeMax() {
        var greatest = BigInteger.valueOf(max);
        return bigMax == null ? greatest : min > max ? bigMax : bigMax.max(greatest);
    }

    long wholeMinRow() {
        return bigMin != null && bigMin.equals(wholeMin()) ? bigMinRow : minRow;
    }

    long wholeMaxRow() {
        return bigMax != null && bigMax.equals(wholeMax()) ? bigMaxRow : maxRow;
    }

    /// The least number as it stands in the source, about; there is one.
    String leastText() {
        var whole = wholes.isEmpty() ? null : wholeMin();
        return whole != null && whole.doubleValue() <= least ? whole.toString() : leastText;
    }

    /// The greatest one.
    String greatestText() {
        var whole = wholes.isEmpty() ? null : wholeMax();
        return whole != null && whole.doubleValue() >= greatest ? whole.toString() : greatestText;
    }
}

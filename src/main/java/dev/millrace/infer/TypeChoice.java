package dev.millrace.infer;

import dev.millrace.core.ColumnType;
import dev.millrace.core.NumberForm;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The narrowest type that holds the values of a column exactly, and why.
///
/// A column may have a few fields that do not fit, as [#allowance] says, when they are clearly not
/// meant as values of the type: they will be rejected, and are shown. Among numbers a text is such
/// a field when it has no digit or has blanks: `12A` or `00123` is a code, and one of these makes
/// the column one of texts. Among days, times, UUIDs, addresses and words of Bool, whatever is none
/// is such a field.
final class TypeChoice {
    /// Of so many values one may be left out.
    private static final int VALUES_A_MISFIT = 1_000;

    /// A dictionary repays when a value comes back so often.
    private static final int LEAST_REPEATS = 10;

    private static final int LEAST_VALUES = 100;
    private static final int MOST_DECIMAL_DIGITS = 76;
    private static final int LEAST_SCALE = 2;
    private static final int[] DECIMAL_DIGITS = {9, 18, 38, MOST_DECIMAL_DIGITS};
    private static final int[] WHOLE_BITS = {8, 16, 32, 64, 128, 256};

    /// The greatest number up to which a Float64 holds every whole one.
    private static final BigInteger FLOAT_WHOLES = BigInteger.TWO.pow(53);

    private final ColumnProfile profile;
    private final boolean isElement;
    private final long values;
    private final List<String> notes = new ArrayList<>();
    private final List<Tally> misfits = new ArrayList<>();
    private final List<String> dateFormats = new ArrayList<>();
    private boolean nonFinite;
    private NumberForm form = NumberForm.PLAIN;
    private String why = "";
    private @Nullable String excluded;
    private @Nullable String least;
    private @Nullable String greatest;

    /// What was chosen.
    ///
    /// @param type without Nullable and LowCardinality
    /// @param misfits the fields that the type does not hold
    /// @param excluded what excluded a narrower type, or null
    record Choice(
            ColumnType.Scalar type,
            boolean isArray,
            boolean isElementNullable,
            boolean nonFinite,
            NumberForm numbers,
            List<String> dateFormats,
            List<Tally> misfits,
            String why,
            @Nullable String excluded,
            @Nullable String least,
            @Nullable String greatest,
            List<String> notes) {
        boolean isText() {
            return !isArray && type.isText();
        }
    }

    private TypeChoice(ColumnProfile profile, boolean isElement) {
        this.profile = profile;
        this.isElement = isElement;
        this.values = profile.values();
    }

    static Choice of(ColumnProfile profile) {
        return new TypeChoice(profile, false).choose();
    }

    /// How many of so many values may be left out.
    static long allowance(long values) {
        return Math.min(Tally.MOST_ROWS, values / VALUES_A_MISFIT);
    }

    private Choice choose() {
        if (values == 0) {
            why = profile.filled == 0 ? "no values" : "no values but null markers";
            notes.add("There is nothing to tell the type by.");
            return choice(new ColumnType.Text());
        }
        var scalar =
                Stream.<Supplier<ColumnType.@Nullable Scalar>>of(
                                this::time, this::uuid, this::address, this::bool, this::number)
                        .map(Supplier::get)
                        .filter(Objects::nonNull)
                        .findFirst();
        if (scalar.isPresent()) {
            return choice(scalar.get());
        }
        var array = array();
        return array == null ? choice(text()) : array;
    }

    private Choice choice(ColumnType.Scalar type) {
        return choice(type, false, false);
    }

    private Choice choice(ColumnType.Scalar type, boolean isArray, boolean isElementNullable) {
        if (!profile.undecodable.isEmpty() && !misfits.contains(profile.undecodable)) {
            misfits.add(profile.undecodable);
        }
        return new Choice(
                type,
                isArray,
                isElementNullable,
                nonFinite,
                form,
                List.copyOf(dateFormats),
                misfits.stream().filter(tally -> !tally.isEmpty()).toList(),
                why,
                excluded,
                least,
                greatest,
                List.copyOf(notes));
    }

    /// Whether so many of the values are enough for a type that does not hold the others.
    private boolean areEnough(long fitting) {
        var others = values - fitting;
        return fitting > 0 && others <= (isElement ? 0 : allowance(values));
    }

    /// The first of some fields.
    private String shown(Tally tally) {
        return profile.sources.shown(tally.first());
    }

    /// Every tally but some, and those of days and times.
    private void leaveOut(Tally... but) {
        var fitting = List.of(but);
        Stream.of(
                        profile.numbers.wholes,
                        profile.numbers.decimals,
                        profile.numbers.exponents,
                        profile.infinite,
                        profile.commas.all,
                        profile.uuids,
                        profile.v4s,
                        profile.v6s,
                        profile.bools,
                        profile.arrays,
                        profile.codes,
                        profile.texts)
                .filter(tally -> !fitting.contains(tally))
                .forEach(misfits::add);
    }

    private void leaveOutTimes() {
        profile.times.forEach(tally -> misfits.add(tally.all));
    }

    private ColumnType.@Nullable Scalar uuid() {
        if (!areEnough(profile.uuids.count)) {
            return null;
        }
        leaveOut(profile.uuids);
        leaveOutTimes();
        misfits.replaceAll(tally -> tally.without(profile.bareUuids));
        why = "UUIDs";
        return new ColumnType.Uuid();
    }

    private ColumnType.@Nullable Scalar address() {
        var all = profile.v4s.count + profile.v6s.count;
        if (!areEnough(all)) {
            return null;
        }
        leaveOut(profile.v4s, profile.v6s);
        leaveOutTimes();
        if (profile.v6s.isEmpty()) {
            why = "IPv4 addresses";
            return new ColumnType.IpV4();
        }
        why = profile.v4s.isEmpty() ? "IPv6 addresses" : "IPv4 and IPv6 addresses";
        excluded = shown(profile.v6s) + " is no IPv4 address";
        return new ColumnType.IpV6();
    }

    private ColumnType.@Nullable Scalar bool() {
        if (profile.isDeclaredText()
                || !areEnough(profile.bools.count)
                || !BoolWords.arePair(profile.boolWords)) {
            return null;
        }
        leaveOut(profile.bools);
        leaveOutTimes();
        misfits.replaceAll(tally -> tally.without(profile.otherBools));
        var words = new ArrayList<String>();
        for (var i = 0; i < profile.boolWords.length; i++) {
            if (profile.boolWords[i] > 0) {
                words.add("%,d %s".formatted(profile.boolWords[i], BoolWords.WORDS.get(i)));
            }
        }
        why = String.join(", ", words);
        return new ColumnType.Bool();
    }

    private ColumnType.@Nullable Scalar commaNumber() {
        var numbers = profile.numbers;
        var commas = profile.commas;
        var form = commas.form();
        if (!areEnough(numbers.count() + commas.all.count) || !profile.codes.isEmpty()) {
            return null;
        }
        if (form == null) {
            notes.add(
                    "Nobody can tell whether the comma in %s stands before decimals or between"
                                    .formatted(commas.all.first().text())
                            + " thousands: say decimalSeparator or groupSeparator.");
            return null;
        }
        if (!numbers.exponents.isEmpty()
                || !profile.infinite.isEmpty()
                || (form.decimal() == ',' && !numbers.decimals.isEmpty())) {
            return null;
        }
        var whole = Math.max(numbers.wholeDigits, commas.wholeDigits(form));
        var fraction = Math.max(numbers.fractionDigits, commas.fractionDigits(form));
        var type =
                fraction == 0
                        ? wholeWith(commas.min(form), commas.max(form))
                        : whole + fraction > MOST_DECIMAL_DIGITS
                                ? null
                                : decimal(whole + fraction, fraction);
        if (type != null) {
            leaveOut(numbers.wholes, numbers.decimals, commas.all);
            leaveOutTimes();
            this.form = form;
            why = "numbers such as " + commas.all.first().text();
            excluded = shown(commas.all) + " is no plain number";
        }
        return type;
    }

    /// The narrowest type of the plain whole numbers and others.
    private ColumnType.@Nullable Scalar wholeWith(BigInteger min, BigInteger max) {
        var hasPlain = !profile.numbers.wholes.isEmpty();
        var least = hasPlain ? min.min(profile.numbers.wholeMin()) : min;
        var greatest = hasPlain ? max.max(profile.numbers.wholeMax()) : max;
        for (var bits : WHOLE_BITS) {
            var type = new ColumnType.Whole(bits, least.signum() < 0);
            if (fits(least, type) && fits(greatest, type)) {
                return type;
            }
        }
        return null;
    }

    private ColumnType.@Nullable Scalar number() {
        if (profile.isDeclaredText()) {
            if (profile.numbers.count() == values) {
                notes.add("They look like numbers, and the file declares them as texts.");
            }
            return null;
        }
        if (!profile.commas.all.isEmpty()) {
            return commaNumber();
        }
        var numbers = profile.numbers;
        var all = numbers.count() + profile.infinite.count;
        if (numbers.count() == 0 || !areEnough(all) || !profile.codes.isEmpty()) {
            return null;
        }
        if (!numbers.exponents.isEmpty() || !profile.infinite.isEmpty()) {
            return floating();
        }
        if (numbers.decimals.isEmpty()) {
            var whole = whole();
            if (whole != null) {
                leaveOutOthers();
            }
            return whole;
        }
        var digits = numbers.wholeDigits + numbers.fractionDigits;
        if (digits > MOST_DECIMAL_DIGITS) {
            notes.add("Some numbers have more digits than a Decimal holds, and are rounded.");
            return floating();
        }
        leaveOutOthers();
        limits();
        excluded = shown(numbers.decimals) + " is no whole number";
        why = "decimal numbers";
        return decimal(digits, numbers.fractionDigits);
    }

    /// With two digits behind the point where one is enough and there is room: amounts that all end
    /// in a zero are often written so.
    private static ColumnType.Decimal decimal(int digits, int fraction) {
        var precision = decimalDigits(digits);
        var scale = Math.max(fraction, LEAST_SCALE);
        return new ColumnType.Decimal(
                precision, digits - fraction + scale <= precision ? scale : fraction);
    }

    /// The most digits that take as much room as so many.
    private static int decimalDigits(int least) {
        for (var digits : DECIMAL_DIGITS) {
            if (least <= digits) {
                return digits;
            }
        }
        throw new IllegalArgumentException("No Decimal has %d digits".formatted(least));
    }

    private void leaveOutOthers() {
        var numbers = profile.numbers;
        leaveOut(numbers.wholes, numbers.decimals, numbers.exponents, profile.infinite);
        leaveOutTimes();
    }

    private void limits() {
        least = profile.numbers.leastText();
        greatest = profile.numbers.greatestText();
    }

    private ColumnType.@Nullable Scalar floating() {
        var numbers = profile.numbers;
        if (!numbers.wholes.isEmpty()
                && (numbers.wholeMax().compareTo(FLOAT_WHOLES) > 0
                        || numbers.wholeMin().negate().compareTo(FLOAT_WHOLES) > 0)) {
            notes.add(
                    "A Float64 would change whole numbers such as %s."
                            .formatted(
                                    numbers.wholeMax().compareTo(FLOAT_WHOLES) > 0
                                            ? numbers.wholeMax()
                                            : numbers.wholeMin()));
            return null;
        }
        if (numbers.rounded != null && notes.isEmpty()) {
            notes.add(
                    "A Float64 rounds numbers such as %s."
                            .formatted(profile.sources.shown(numbers.rounded)));
        }
        leaveOutOthers();
        limits();
        nonFinite = !profile.infinite.isEmpty() || profile.nans() > 0;
        var first = numbers.exponents.isEmpty() ? profile.infinite : numbers.exponents;
        why = "numbers with exponents";
        if (first.isEmpty()) {
            why = "numbers of more than %d digits".formatted(MOST_DECIMAL_DIGITS);
        } else {
            why = numbers.exponents.isEmpty() ? "numbers and infinities" : why;
            excluded = shown(first) + " is no plain decimal number";
        }
        return new ColumnType.Floating(64);
    }

    private ColumnType.@Nullable Scalar whole() {
        var numbers = profile.numbers;
        var min = numbers.wholeMin();
        var max = numbers.wholeMax();
        var signed = min.signum() < 0;
        why = "whole numbers";
        least = min.toString();
        greatest = max.toString();
        for (var i = 0; i < WHOLE_BITS.length; i++) {
            var type = new ColumnType.Whole(WHOLE_BITS[i], signed);
            if (fits(min, type) && fits(max, type)) {
                if (i > 0) {
                    var narrower = new ColumnType.Whole(WHOLE_BITS[i - 1], signed);
                    var tooLarge = !fits(max, narrower);
                    excluded =
                            "%s does not fit %s"
                                    .formatted(
                                            profile.sources.shown(
                                                    tooLarge
                                                            ? Example.of(
                                                                    numbers.wholeMaxRow(),
                                                                    max.toString())
                                                            : Example.of(
                                                                    numbers.wholeMinRow(),
                                                                    min.toString())),
                                            narrower.name());
                }
                return type;
            }
        }
        notes.add("No whole type holds %s.".formatted(max));
        return null;
    }

    private static boolean fits(BigInteger value, ColumnType.Whole type) {
        return type.signed()
                ? value.bitLength() < type.bits()
                : value.signum() >= 0 && value.bitLength() <= type.bits();
    }

    private ColumnType.@Nullable Scalar time() {
        if (!areEnough(profile.timeCount())) {
            return null;
        }
        var choice = new TimeChoice(profile.times, values, profile.sources);
        var type = choice.choose();
        notes.addAll(choice.notes());
        if (type != null) {
            dateFormats.addAll(choice.formats());
            misfits.addAll(choice.misfits());
            leaveOut();
            why = choice.why();
            excluded = choice.excluded();
            least = choice.least();
            greatest = choice.greatest();
        }
        return type;
    }

    private @Nullable Choice array() {
        var elements = profile.elements;
        if (elements == null || profile.arrays.count < values) {
            return null;
        }
        if (profile.empty + profile.quotedEmpty > 0 || values < profile.filled) {
            notes.add("They look like arrays, but an array is never empty or NULL as a field.");
            return null;
        }
        var of = new TypeChoice(elements, true).choose();
        if ((of.isText() && elements.bare > 0)
                || (!of.isText() && elements.quotedEmpty > 0)
                || !of.misfits().isEmpty()) {
            notes.add("They look like arrays, but no type holds all of the elements.");
            return null;
        }
        dateFormats.addAll(of.dateFormats());
        nonFinite = of.nonFinite();
        why = "arrays of " + (of.why().isEmpty() ? "texts" : of.why());
        excluded = of.excluded();
        least = of.least();
        greatest = of.greatest();
        notes.addAll(of.notes());
        return choice(of.type(), true, elements.markers[0] > 0);
    }

    private ColumnType.Scalar text() {
        misfits.clear();
        dateFormats.clear();
        nonFinite = false;
        form = NumberForm.PLAIN;
        least = null;
        greatest = null;
        excluded = null;
        why = "texts";
        var tally =
                Stream.of(
                                profile.codes,
                                profile.texts,
                                profile.commas.all,
                                profile.bools,
                                profile.arrays)
                        .filter(t -> !t.isEmpty())
                        .min(Comparator.comparingLong(t -> t.first().id()));
        var some = profile.numbers.count() + profile.commas.all.count + profile.timeCount() > 0;
        if (tally.isPresent() && (some || tally.get() == profile.codes)) {
            var example = tally.get().first();
            excluded =
                    shown(tally.get())
                            + (profile.timeCount() > profile.numbers.count()
                                    ? " is no date"
                                    : example.text().matches("0\\d+(\\.\\d*)?")
                                            ? " would lose its leading zero as a number"
                                            : " is no number");
        }
        return new ColumnType.Text();
    }

    /// Whether a text column is one of few texts, which come back often.
    static boolean isLowCardinality(ColumnProfile profile, int most) {
        return !profile.distinct.isMany()
                && profile.distinct.count() <= most
                && profile.filled >= LEAST_VALUES
                && profile.filled >= (long) LEAST_REPEATS * profile.distinct.count();
    }
}

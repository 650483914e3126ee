package dev.millrace.infer;

/// The days or times of one shape in a column.
final class TimeTally {
    final TimeText.Shape shape;
    final Tally all = new Tally();

    /// Those of two numbers and a year of which the first must be the day, or the month.
    final Tally dayFirst = new Tally();

    final Tally monthFirst = new Tally();
    boolean oneDigitDay;
    boolean oneDigitHour;

    /// In seconds since 1970-01-01 00:00:00 UTC.
    long first = Long.MAX_VALUE;

    long last = Long.MIN_VALUE;

    TimeTally(TimeText.Shape shape) {
        this.shape = shape;
    }

    void add(TimeText text, byte[] bytes, int start, int end, long row) {
        all.add(bytes, start, end, row);
        oneDigitDay |= text.oneDigitDay;
        oneDigitHour |= text.oneDigitHour;
        if (text.day != Integer.MIN_VALUE) {
            stretch(text.instant(text.day));
        }
        if (shape.order() == TimeText.Order.TWO_AND_YEAR) {
            if (text.otherDay == Integer.MIN_VALUE) {
                dayFirst.add(bytes, start, end, row);
            } else {
                stretch(text.instant(text.otherDay));
                if (text.day == Integer.MIN_VALUE) {
                    monthFirst.add(bytes, start, end, row);
                }
            }
        }
    }

    private void stretch(long second) {
        first = Math.min(first, second);
        last = Math.max(last, second);
    }

    /// Whether the types read the texts by themselves.
    boolean isStandard() {
        return shape.isStandard() && !oneDigitDay && !oneDigitHour;
    }

    /// The date format that reads the texts.
    ///
    /// @param monthFirst whether the month is the first of two numbers before a year
    String pattern(boolean monthFirst) {
        var pattern = new StringBuilder(dayPattern(monthFirst));
        if (shape.gap() == 'T') {
            pattern.append("'T'");
        } else if (shape.gap() != 0) {
            pattern.append(shape.gap());
        }
        if (shape.hasTime()) {
            var hour = shape.half() == 0 ? "H" : "h";
            pattern.append(oneDigitHour ? hour : hour + hour).append(":mm");
            if (shape.seconds()) {
                pattern.append(":ss");
            }
            if (shape.fraction() > 0) {
                pattern.append('.').append("S".repeat(shape.fraction()));
            }
            pattern.append(shape.half() == 0 ? "" : shape.half() == ' ' ? " a" : "a");
            pattern.append(shape.spaced() ? " " : "").append(offsetPattern());
        }
        return pattern.toString();
    }

    private String dayPattern(boolean monthFirst) {
        var joint = shape.joint();
        var month = oneDigitDay ? "M" : "MM";
        var day = oneDigitDay ? "d" : "dd";
        var name = shape.longName() ? "MMMM" : "MMM";
        return switch (shape.order()) {
            case YEAR_MONTH_DAY -> "yyyy" + joint + month + joint + day;
            case TWO_AND_YEAR ->
                    (monthFirst ? month + joint + day : day + joint + month) + joint + "yyyy";
            case DAY_NAME_YEAR -> day + joint + name + joint + "yyyy";
            case NAME_DAY_YEAR -> name + " " + day + ", yyyy";
        };
    }

    private String offsetPattern() {
        return switch (shape.offset()) {
            case NONE -> "";
            case UTC -> "'UTC'";
            case ZULU, COLON -> "XXX";
            case DIGITS -> "XX";
            case HOURS -> "X";
        };
    }
}

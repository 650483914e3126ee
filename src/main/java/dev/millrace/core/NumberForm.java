package dev.millrace.core;

/// How people write numbers.
///
/// @param decimal what stands before the decimals, `.` or `,`
/// @param group what stands between groups of three digits, if anything does, or [#NO_GROUP]
public record NumberForm(char decimal, char group) {
    public static final char NO_GROUP = 0;

    /// `1234.5`.
    public static final NumberForm PLAIN = new NumberForm('.', NO_GROUP);

    private static final String GROUPS = ".,'_ \u00A0\u2009\u2019\u202F";

    public NumberForm {
        if (decimal != '.' && decimal != ',') {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The decimal separator is '%s'".formatted(decimal),
                    "Say . or ,",
                    null);
        }
        if (group != NO_GROUP && (GROUPS.indexOf(group) < 0 || group == decimal)) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The group separator is '%s'".formatted(group),
                    "Say one of . , ' _ or a space, other than the decimal separator.",
                    null);
        }
    }

    public boolean isPlain() {
        return equals(PLAIN);
    }
}

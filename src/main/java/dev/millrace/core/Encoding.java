package dev.millrace.core;

/// How a source's characters are written.
public enum Encoding {
    UTF_8("utf-8"),
    UTF_16LE("utf-16le"),
    UTF_16BE("utf-16be");

    private final String label;

    Encoding(String label) {
        this.label = label;
    }

    /// The name that users write.
    public String label() {
        return label;
    }

    /// Reads a label, ignoring case.
    ///
    /// @throws MillraceException INVALID_REQUEST for an unknown one
    public static Encoding parse(String text) {
        for (var encoding : values()) {
            if (encoding.label.equalsIgnoreCase(text.strip())) {
                return encoding;
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is not an encoding that Millrace reads".formatted(text),
                "Use utf-8, utf-16le or utf-16be, or leave it out to have it detected.",
                null);
    }
}

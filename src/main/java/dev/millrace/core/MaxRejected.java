package dev.millrace.core;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// How many rejected rows a job bears before it fails.
///
/// @param rows the most rows, or null
/// @param percent the most rows of every hundred read, or null; only judged once all are read
public record MaxRejected(@Nullable Long rows, @Nullable Double percent) {
    /// The default: as many as there are.
    public static final MaxRejected NO_LIMIT = new MaxRejected(null, null);

    /// Reads `none`, a number of rows such as `0`, or a share such as `1.5%`.
    ///
    /// @throws MillraceException INVALID_REQUEST for anything else
    public static MaxRejected parse(String text) {
        var t = text.strip();
        try {
            if (t.equals("none")) {
                return NO_LIMIT;
            }
            if (t.endsWith("%")) {
                var percent = Double.parseDouble(t.substring(0, t.length() - 1));
                if (percent >= 0 && percent <= 100) {
                    return new MaxRejected(null, percent);
                }
            } else if (Long.parseLong(t) >= 0) {
                return new MaxRejected(Long.parseLong(t), null);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "'%s' is not a limit of rejected rows".formatted(text),
                "Use none, a number of rows such as 0, or a share such as 1.5%.",
                null);
    }

    /// Whether a finished count is beyond the limit.
    public boolean isExceeded(long rejected, long read) {
        return isExceededAlready(rejected)
                || (percent != null && rejected * 100.0 > percent * (double) read);
    }

    /// Whether a count that still grows is beyond the limit for certain.
    public boolean isExceededAlready(long rejected) {
        return rows != null && rejected > rows;
    }

    /// As it is written.
    public String text() {
        return rows != null
                ? rows.toString()
                : percent != null
                        ? BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + "%"
                        : "none";
    }
}

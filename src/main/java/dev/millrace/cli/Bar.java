package dev.millrace.cli;

import java.util.Locale;

/// A bar of 17 characters, as in `[##########XX ] 70%`: errors are X, in proportion and never none
/// when there are any. It is full, and says 100%, at the end only.
final class Bar {
    static final int WIDTH = 17;

    private Bar() {}

    /// @param progress from 0 to 1
    /// @param rows how many the filled part stands for
    /// @param errors how many of these were rejected
    static String of(double progress, long rows, long errors) {
        double share = Math.clamp(progress, 0, 1);
        int filled = (int) (share * WIDTH);
        int bad = errors <= 0 ? 0 : bad(Math.max(1, filled), rows, errors);
        int good = Math.max(0, filled - bad);
        return "[%s%s%s] %3d%%"
                .formatted(
                        "#".repeat(good),
                        "X".repeat(bad),
                        " ".repeat(WIDTH - good - bad),
                        (int) (share * 100));
    }

    private static int bad(int filled, long rows, long errors) {
        long all = Math.max(rows, errors);
        int bad = (int) Math.max(1, Math.round((double) filled * errors / all));
        boolean someAreGood = errors < all && filled > 1;
        return someAreGood ? Math.min(bad, filled - 1) : bad;
    }

    /// As in `00:02`, or `1:00:02` from an hour on.
    static String time(double seconds) {
        long s = (long) Math.max(0, seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%02d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}

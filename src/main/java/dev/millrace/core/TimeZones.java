package dev.millrace.core;

import java.time.ZoneId;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The time zones that a column can have: the regions that this JDK knows, but for those of its own
/// that ClickHouse does not.
final class TimeZones {
    private static final String ONLY_OURS = "SystemV/";
    private static final Set<String> KNOWN = known();

    private TimeZones() {}

    private static Set<String> known() {
        var known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        ZoneId.getAvailableZoneIds().stream()
                .filter(id -> !id.startsWith(ONLY_OURS))
                .forEach(known::add);
        return known;
    }

    /// @throws MillraceException INVALID_MODEL for a name that is none of them
    static void require(@Nullable String zone) {
        if (zone == null || (KNOWN.contains(zone) && ZoneId.getAvailableZoneIds().contains(zone))) {
            return;
        }
        var alike = KNOWN.stream().filter(zone::equalsIgnoreCase).findFirst();
        throw new MillraceException(
                ErrorCode.INVALID_MODEL,
                "'%s' is not a time zone".formatted(zone),
                alike.map("Did you mean '%s'?"::formatted)
                        .orElse("Use a region's name such as 'Europe/Berlin', or 'UTC'."),
                null);
    }
}

package dev.millrace.embedded;

import java.util.Locale;

/// The engines that Millrace embeds.
public enum Engine {
    CLICKHOUSE,
    KAFKA,
    POSTGRES;

    /// The name of its folder and of its log: `clickhouse`, `kafka`, `postgres`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

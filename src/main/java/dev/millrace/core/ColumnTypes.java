package dev.millrace.core;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The column types by name.
public final class ColumnTypes {
    private static final Pattern NULLABLE =
            Pattern.compile("Nullable\\s*\\((.*)\\)", Pattern.DOTALL);

    private static final Map<String, ColumnType> SIMPLE =
            Stream.concat(
                            Stream.of(8, 16, 32, 64, 128, 256)
                                    .flatMap(b ->
                                            Stream.of(
                                                    new ColumnType.Whole(b, true),
                                                    new ColumnType.Whole(b, false))),
                            Stream.of(
                                    new ColumnType.Floating(32),
                                    new ColumnType.Floating(64),
                                    new ColumnType.Text(),
                                    new ColumnType.Bool(),
                                    new ColumnType.Date(),
                                    new ColumnType.DateTime()))
                    .collect(Collectors.toUnmodifiableMap(ColumnType::name, Function.identity()));

    private ColumnTypes() {}

    /// Reads a type's name as ClickHouse spells it; spaces around parts are allowed.
    ///
    /// @throws MillraceException INVALID_MODEL for a name that is not one of ours
    public static ColumnType parse(String text) {
        var name = text.strip();
        var nullable = NULLABLE.matcher(name);
        if (nullable.matches()) {
            return new ColumnType.Nullable(parse(nullable.group(1)));
        }
        var type = SIMPLE.get(name);
        if (type == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "'%s' is not a column type that Millrace can load".formatted(text),
                    "Use one of %s, or Nullable(…) of one."
                            .formatted(
                                    String.join(", ", SIMPLE.keySet().stream().sorted().toList())),
                    null);
        }
        return type;
    }
}

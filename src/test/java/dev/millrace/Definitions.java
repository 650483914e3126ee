package dev.millrace;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnReading.OuterBlanks;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Keep;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.PartitionKey;
import dev.millrace.core.UnknownColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Random definitions in which anything is said that can be, suitable for the type or not: what
/// keeps a definition, or writes it down, must give back the same one.
public final class Definitions {
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "N/A",
                    "a,b",
                    "{\"x\"}",
                    "\\N",
                    "'",
                    "ß龍\uD83D\uDE00",
                    "null",
                    "-0",
                    "1e400",
                    "\t");

    private final Random random;
    private int names;

    private Definitions(long seed) {
        this.random = new Random(seed);
    }

    public static ModelDefinition random(long seed) {
        return new Definitions(seed).definition();
    }

    private ModelDefinition definition() {
        var columns = some(8, this::column);
        columns.addFirst(new Column("first", ColumnTypes.parse("Date")));
        var exact = columns.stream().filter(c -> !c.type().isNullable()).map(Column::name).toList();
        return new ModelDefinition(
                columns,
                random.nextBoolean() ? null : "table_" + random.nextInt(10),
                false,
                random.nextBoolean() ? null : columns.getLast().name(),
                exact.subList(0, random.nextInt(exact.size() + 1)),
                Keep.ALL,
                exact.subList(random.nextInt(exact.size() + 1), exact.size()),
                random.nextBoolean() ? null : new PartitionKey("toYYYYMM", "first"),
                one(UnknownColumns.values()));
    }

    private Column column() {
        var types = Samples.types();
        var type = ColumnTypes.parse(types.get(random.nextInt(types.size())));
        if (random.nextInt(4) == 0) {
            return new Column(name(), type);
        }
        var reading =
                new ColumnReading(
                        some(3, this::name),
                        some(3, this::text),
                        orNull(this::text),
                        some(2, this::text),
                        random.nextBoolean(),
                        one(ClockChange.values()),
                        one(OuterBlanks.values()));
        var constraints =
                new ColumnConstraints(
                        orNull(this::text),
                        orNull(this::text),
                        orNull(this::text),
                        some(3, this::text),
                        orNull(() -> random.nextInt(100)),
                        orNull(() -> random.nextInt() & Integer.MAX_VALUE));
        return new Column(name(), type, reading, constraints);
    }

    private String name() {
        return Stream.of("n", "größe ", "{a,b}\\", "\"q\"'`", "龍").toList().get(random.nextInt(5))
                + names++;
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private <T> List<T> some(int most, Supplier<T> element) {
        return new ArrayList<>(
                IntStream.range(0, random.nextInt(most + 1)).mapToObj(_ -> element.get()).toList());
    }

    private <T> @Nullable T orNull(Supplier<T> value) {
        return random.nextBoolean() ? null : value.get();
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}

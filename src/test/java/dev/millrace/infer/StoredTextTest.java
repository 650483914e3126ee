package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.Parts;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnReading.ClockChange;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ModelDefinition;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A preview's cell is what ClickHouse shows of the stored value.
class StoredTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Int8|-128|-128",
                "UInt64|18446744073709551615|18446744073709551615",
                "Int256|-5|-5",
                "UInt128|340282366920938463463374607431768211455|340282366920938463463374607431768211455",
                "Float64|1.50|1.5",
                "Float64|100|100",
                "Float64|1e300|1e300",
                "Float64|1.25e-9|1.25e-9",
                "Float64|-inf|-inf",
                "Float32|0.1|0.1",
                "Decimal(9, 2)|1.50|1.5",
                "Decimal(76, 3)|-12345678901234567890.125|-12345678901234567890.125",
                "Decimal(18, 4)|100|100",
                "String|Zoë|Zoë",
                "FixedString(4)|ab|ab",
                "Bool|yes|true",
                "Enum8('a' = 1, 'b' = -2)|b|b",
                "UUID|123E4567-e89b-12d3-a456-426614174000|123e4567-e89b-12d3-a456-426614174000",
                "IPv4|1.2.3.255|1.2.3.255",
                "IPv6|2001:db8::1:0:0:1|2001:db8::1:0:0:1",
                "IPv6|::|::",
                "IPv6|1::|1::",
                "IPv6|1.2.3.4|::ffff:1.2.3.4",
                "Date|2149-06-06|2149-06-06",
                "Date32|1900-01-01|1900-01-01",
                "DateTime|2106-02-07 06:28:15|2106-02-07 06:28:15",
                "DateTime('Europe/Berlin')|2024-07-01 12:00:00Z|2024-07-01 14:00:00",
                "DateTime64(3)|1960-01-01 00:00:00.5|1960-01-01 00:00:00.500",
                "Array(UInt8)|[1, 2]|[1,2]",
                "Array(Nullable(String))|['a', NULL]|['a',NULL]",
                "Array(Array(Date))|[[2024-01-01], []]|[['2024-01-01'],[]]",
                "Nullable(UInt8)||NULL",
                "LowCardinality(Nullable(String))|x|x"
            })
    void aValueIsShownAsClickHouseShowsIt(String type, String field, String shown) {
        var reading =
                new ColumnReading(List.of(), List.of(), null, List.of(), true, ClockChange.REJECT);
        var definition =
                new ModelDefinition(
                        List.of(
                                new Column(
                                        "c",
                                        ColumnTypes.parse(type),
                                        type.contains("Float") ? reading : ColumnReading.PLAIN,
                                        ColumnConstraints.NONE)),
                        null,
                        null,
                        List.of(),
                        null);
        var text = field == null ? "" : field;
        var source = "c;x\n%s;y\n".formatted(text).getBytes(UTF_8);
        var options = new dev.millrace.core.SourceOptions(null, ';', '"');
        var preview =
                Preview.of(
                        new ByteArrayInputStream(source),
                        true,
                        options,
                        false,
                        definition,
                        Parts::next);
        var row = preview.rows().getFirst();
        assertThat(row.problems()).isEmpty();
        var cell = row.cells().getFirst();
        assertThat(cell == null ? "NULL" : cell).isEqualTo(shown);
    }
}

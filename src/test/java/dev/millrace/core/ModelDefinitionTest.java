package dev.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDefinitionTest {
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("b", ColumnTypes.parse("Date")),
                    new Column("a", ColumnTypes.parse("Nullable(Date)")));

    @Test
    void columnsAreFoundByNameInTheirOrder() {
        var definition = new ModelDefinition(COLUMNS, null, null, List.of(), null);
        assertThat(definition.columnsByName().values()).containsExactlyElementsOf(COLUMNS);
    }

    @Test
    void aPartitionKeyIsAColumnThatCannotBeNull() {
        assertRefused("", "c", "The partition key 'c' is not a column of the model");
        assertRefused("toYear", "a", "The partition key 'a' is Nullable(Date)");
    }

    @Test
    void aPartitionKeyHasNoOtherFunctions() {
        assertRefused("sleep", "b", "knows no function 'sleep'");
    }

    private static void assertRefused(String function, String column, String why) {
        assertThatThrownBy(() ->
                        new ModelDefinition(
                                COLUMNS, null, null, List.of(), new PartitionKey(function, column)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Enum8('\ud800' = 1)", "Array(Enum16('a' = 1, '\udfff' = 2))"})
    void anEnumerationHasNoNameThatCannotBeStored(String type) {
        assertThatThrownBy(() -> new Column("e", ColumnTypes.parse(type)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .hasMessageContaining("half of a surrogate pair");
    }
}

package dev.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableEngineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "MergeTree ORDER BY k SETTINGS x = 1|MergeTree|\"\"|\" ORDER BY k SETTINGS x = 1\"",
                "ReplacingMergeTree ORDER BY k|ReplacingMergeTree|\"\"|\" ORDER BY k\"",
                "ReplacingMergeTree(v, d) ORDER BY k|ReplacingMergeTree|v, d|\" ORDER BY k\"",
                "ReplacingMergeTree(`a)b`) ORDER BY k|ReplacingMergeTree|`a)b`|\" ORDER BY k\"",
                "Memory|Memory|\"\"|\"\"",
                "`Null`|Null|\"\"|\"\"",
                "\"\"|View|\"\"|\"\""
            })
    void whatIsSaidBehindAnEngineIsKept(
            String text, String name, String arguments, String clauses) {
        assertThat(TableEngine.parse(name, text))
                .isEqualTo(new TableEngine(name, arguments, clauses));
    }

    @Test
    void aTtlIsNoQuotedText() {
        assertThat(
                        TableEngine.parse(
                                        "MergeTree",
                                        "MergeTree ORDER BY k TTL d + toIntervalDay(1)")
                                .hasTtl())
                .isTrue();
        assertThat(
                        TableEngine.parse(
                                        "MergeTree",
                                        "MergeTree ORDER BY `a TTL \\` b` SETTINGS x = 'TTL '")
                                .hasTtl())
                .isFalse();
    }
}

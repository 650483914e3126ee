package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.re2j.Pattern;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternSizeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[A-Z]{2}\\d{4,10}",
                "a{1000}",
                "(\\w{1,100}\\.){1,50}",
                "\\p{Lu}{2}\\x{41}{3}\\PL{4}",
                "[]{9999}]{2}[^]{9999}]{2}[[:alpha:]{9999}]{2}[\\]{9999}]{2}",
                "\\Q{1000}{1000}{1000}\\E{1000}",
                "x{a}{,1000}{1000,2",
                "\\{{1000}",
                "(?i)(?P<name>a|b){500}"
            })
    void patternsOfAModelsSizeAreTaken(String pattern) {
        assertThat(PatternSize.excess(pattern)).isNull();
        assertThat(Pattern.compile(pattern).pattern()).isEqualTo(pattern);
    }

    @ParameterizedTest
    @Timeout(10)
    @ValueSource(
            strings = {
                "((a{1000}){1000})",
                "(((a{1000}){1000}){1000})",
                "(?:(?:a{100}){100,}){2}",
                "(a{1,1000}b*)?{11}",
                "([]{1}]{1000}){1000}",
                "(\\x{41}{1000}){1000}",
                "(\\Qa\\E{1000}){1000}",
                "(([a\\]]{100}){100}){100}",
                "(()){1000}(){1000}((){1000}){1000}",
                "a{99999999999}"
            })
    void repeatsOfRepeatsAreRefused(String pattern) {
        assertRefused(pattern, "a pattern has 10000 steps at most, its repeats written out");
    }

    @Test
    @Timeout(10)
    void longAndDeepPatternsAreRefused() {
        assertThat(PatternSize.excess("a".repeat(1_000))).isNull();
        assertRefused("a".repeat(1_001), "a pattern has 1000 characters at most, not 1001");
        assertRefused(nested(20_000), "a pattern has 1000 characters at most, not 40001");
        assertThat(PatternSize.excess(nested(100))).isNull();
        assertRefused(nested(101), "a pattern has groups in groups 100 deep at most");
    }

    private static String nested(int depth) {
        return "(".repeat(depth) + "a" + ")".repeat(depth);
    }

    private static void assertRefused(String pattern, String why) {
        var constraints = new ColumnConstraints(null, null, pattern, List.of(), null, null);
        var column = new Column("x", ColumnTypes.parse("String"), ColumnReading.PLAIN, constraints);
        var definition = OneField.model(column).definition();
        assertThat(catchThrowableOfType(MillraceException.class, () -> Validator.check(definition)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL))
                .extracting(MillraceException::what)
                .isEqualTo("Column 'x' String: " + why);
    }
}

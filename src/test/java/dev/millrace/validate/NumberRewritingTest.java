package dev.millrace.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.MillraceException;
import dev.millrace.core.NumberForm;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberRewritingTest {
    private static final NumberForm GERMAN = new NumberForm(',', '.');

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0,5 ; 0.5",
                "-1.234,50 ; -1234.50",
                "1.234.567 ; 1234567",
                "1234567,5 ; 1234567.5",
                "+7 ; +7",
                "1,5e3 ; 1.5e3",
                ",5 ; .5",
                "NaN ; NaN",
                "1.23 ; !",
                "1.2345 ; !",
                "1234.567 ; !",
                "1.234.56 ; !",
                "1,5,5 ; !",
                "1,234.5 ; !",
                "1.234x ; !",
                "12.34,5 ; !"
            })
    void numbersAreBroughtToTheStandardForm(String written, String standard) {
        assertThat(rewritten(GERMAN, written)).isEqualTo(standard.equals("!") ? null : standard);
    }

    @Test
    void groupsMayBePartedByASpaceOfSeveralBytes() {
        var french = new NumberForm(',', '\u202F');
        assertThat(rewritten(french, "1\u202F234\u202F567,89")).isEqualTo("1234567.89");
        assertThat(rewritten(french, "1\u202F23")).isNull();
        assertThat(rewritten(new NumberForm('.', '\''), "1'234.5")).isEqualTo("1234.5");
    }

    @Property
    void whatTheJdkWritesIsRead(@ForAll @BigRange(min = "-1e15", max = "1e15") BigDecimal value) {
        var format =
                new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.GERMANY));
        var plain = new DecimalFormat("0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
        assertThat(rewritten(GERMAN, format.format(value))).isEqualTo(plain.format(value));
    }

    @Test
    void separatorsHaveToDiffer() {
        assertThatThrownBy(() -> new NumberForm(',', ',')).isInstanceOf(MillraceException.class);
        assertThatThrownBy(() -> new NumberForm(';', '.')).isInstanceOf(MillraceException.class);
        assertThatThrownBy(() -> new NumberForm('.', '5')).isInstanceOf(MillraceException.class);
    }

    private static @Nullable String rewritten(NumberForm form, String text) {
        var bytes = ("9" + text + "9").getBytes(UTF_8);
        var rewriting = new NumberRewriting(form);
        var length = rewriting.rewrite(bytes, 1, bytes.length - 1);
        return length < 0 ? null : new String(rewriting.standard(), 0, length, UTF_8);
    }
}

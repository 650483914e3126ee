package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import org.junit.jupiter.api.Test;

class DialectDetectorTest {
    private static final char NONE = Dialect.NO_QUOTE;

    @Test
    void theDelimiterIsTheOneThatTheHeaderAndTheRecordsAgreeOn() {
        assertDetected("a,b\n1,2\n", ',', '"');
        assertDetected("a;b\n1,5;2,5\n3,5;4,5\n", ';', '"');
        assertDetected("a\tb, or c\n1\tx, y, z\n2\tx\n", '\t', '"');
        assertDetected("a|b|c\n1|2|3,4\n", '|', '"');
        assertDetected("a,b,c\n1,2\n1,2,3\n1,2,3\n1,2,3,4\n1;2\n", ',', '"');
    }

    @Test
    void aLoneColumnHasACommaThatIsNotUsed() {
        assertDetected("amount\n1;5\n2,5\n", ',', '"');
        assertDetected("at:time\n08:20:41\n", ',', '"');
        assertDetected("", ',', '"');
        assertDetected("\n\n", ',', '"');
    }

    @Test
    void delimitersWithinQuotesDoNotCount() {
        assertDetected("a;\"b,c,d\"\n1;\"2,3,4\"\n", ';', '"');
        assertDetected("a;'b,c,d'\n1;'2,3,4'\n", ';', '\'');
    }

    @Test
    void singleQuotesAreQuotesOnlyWhenTheyQuote() {
        assertDetected("name,n\n'Twas,1\nit's,2\n", ',', '"');
        assertDetected("name,n\nx,1\n'y',2\nz,3\nz,4\n", ',', '"');
        assertDetected("'name','n'\n'it''s','1'\n'b','2'\n", ',', '\'');
        assertDetected("name,n\n'a, b',1\nc,2\nd,3\ne,4\n", ',', '\'');
    }

    @Test
    void quotesThatNeverCloseAreText() {
        var stray = "\"big\t1\nsmall\t2\n\"huge\t3\nx\t4\n";
        assertDetected("name\tn\n" + stray.repeat(3), '\t', NONE);
        assertDetected("name\tn\nx\t\"y\"\n" + stray.repeat(3), '\t', NONE);
        assertDetected("name\tn\n" + "x\t\"y\"\n".repeat(9) + stray.repeat(3), '\t', '"');
        assertDetected("name,n\n\"big,1\nsmall,2\n", ',', '"');
    }

    @Test
    void aRecordThatTheHeadCutsOffDoesNotCount() {
        assertDetected("a,b,x;c\n1,2,3;3\n1,2", ',', '"');
    }

    @Test
    void aQuotedFieldThatTheHeadCutsOffDoesNotTakeTheQuotesAway() {
        var json = "\"\"a\"\":1,\"\"b\"\":2,\"\"c\"\":3\n";
        assertDetected("id,name,note\n1,a,\"x\"\n2,b,\"y\"\n3,c,\"{\n" + json.repeat(20), ',', '"');
    }

    @Test
    void recordsEndWithCrWhereNoLfIs() {
        var head = Texts.utf8("a,b\r1,2\r3,4");
        assertThat(DialectDetector.detect(head, head.length, true, SourceOptions.DETECT).dialect())
                .isEqualTo(new Dialect(',', '"', '\r'));
        assertDetected("a,b\r1,2\r3,4\n", ',', '"');
        assertDetected("a,b\r\n1,2\r\n", ',', '"');
    }

    @Test
    void ofDelimitersThatFitEquallyWellNoneIsGuessed() {
        var head = Texts.utf8("a,b;c\n1,2;3\n4,5;6\n");
        assertThatThrownBy(
                        () -> DialectDetector.detect(head, head.length, true, SourceOptions.DETECT))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_DIALECT);
                            assertThat(e.what()).contains("'a', 'b;c'", "'a,b', 'c'");
                            assertThat(e.remedy()).contains("--delimiter ','");
                        });
    }

    @Test
    void whatWasAskedIsTaken() {
        var head = Texts.utf8("a,b\n1,2\n");
        assertThat(
                        DialectDetector.detect(
                                        head, head.length, true, new SourceOptions(null, ':', '\''))
                                .dialect())
                .isEqualTo(new Dialect(':', '\''));
        assertThat(
                        DialectDetector.detect(
                                        head,
                                        head.length,
                                        true,
                                        new SourceOptions(null, null, NONE))
                                .dialect())
                .isEqualTo(new Dialect(',', NONE));
        assertThat(
                        DialectDetector.detect(
                                        head, head.length, true, new SourceOptions(null, '"', null))
                                .dialect())
                .isEqualTo(new Dialect('"', NONE));
        assertThatThrownBy(() ->
                        DialectDetector.detect(
                                head, head.length, true, new SourceOptions(null, '\n', null)))
                .isInstanceOf(MillraceException.class);
    }

    private static void assertDetected(String text, char delimiter, char quote) {
        var head = Texts.utf8(text);
        assertThat(DialectDetector.detect(head, head.length, true, SourceOptions.DETECT).dialect())
                .as(text)
                .isEqualTo(new Dialect(delimiter, quote));
    }
}

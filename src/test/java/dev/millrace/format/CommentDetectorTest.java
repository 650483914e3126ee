package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommentDetectorTest {
    private static final String ROWS = "id,name,city\n1,a,x\n2,b,y\n3,c,z\n";
    private static final SourceOptions DETECT = SourceOptions.DETECT;

    private static DialectDetector.Found detect(String text, SourceOptions asked) {
        var head = Texts.utf8(text);
        return DialectDetector.detect(head, head.length, true, asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# made by x\n",
                "# made by x\n#\n# on a Monday\n",
                "#made by x\n",
                "## made by x, on a Monday, and more of it, which is long\n",
                "# one, two\n",
                "% made by x\n\n",
                "\n# made by x\r\n",
                "# it says \"hello\n",
            })
    void commentsBeforeTheHeaderAreSkippedAndTheLinesSaid(String comments) {
        var found = detect(comments + ROWS, DETECT);
        assertThat(found.dialect()).isEqualTo(new Dialect(',', '"'));
        assertThat(found.skipped()).isEqualTo((int) comments.lines().count());
        assertThat(found.evidence().confidence()).isEqualTo(100);
        assertThat(String.join("; ", found.evidence().reasons()))
                .contains("3 of the first 3 records have 3 fields")
                .containsPattern("lines? that begins? with '[#%]' stands? before the header");
    }

    @Test
    void theHeaderBehindCommentsMayHaveTheirSign() {
        var found =
                detect(
                        "##format=1\n##contig=<1,2>\n#CHROM\tPOS\tID\n20\t14370\trs6\n20\t17330\t.\n",
                        DETECT);
        assertThat(found.dialect()).isEqualTo(new Dialect('\t', '"'));
        assertThat(found.skipped()).isEqualTo(2);
        assertThat(detect("# by x, today\n#a,b,c\n1,2,3\n4,5,6\n", DETECT).skipped()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,name,city\n# half of them\n1,a,x\n2,b,y\n",
                "id,name,city\n1,a,x\n#\n# the rest, maybe\n2,b,y\n",
                "id,name,city\n1,a,x\n2,b,y\n## end\n",
                "% a\nid,name,city\n1,a,x\n% b\n2,b,y\n",
                "#a\n#b\nid,name,city\n1,a,x\n#c\n2,b,y\n",
                "# a\nid,name,city\n# b\n1,b\n2,c,z\n3,c,z\n4,c,z\n5,c,z\n6,c,z\n7,c,z\n8,c,z\n9,c,z\n0,c,z\n",
            })
    void commentsBetweenRecordsAreFound(String text) {
        var found = detect(text, DETECT);
        assertThat(found.dialect().comment()).isEqualTo(text.contains("%") ? '%' : '#');
        assertThat(found.skipped()).isZero();
        assertThat(found.evidence().reasons().getLast())
                .containsPattern("(is a|are) comments?: records have 3 fields");
    }

    @Test
    void howManyCommentsThereAreIsSaid() {
        var found = detect("# a\nid,name\n1,a\n# b\n2,b\n# c\n3,c\n", DETECT);
        assertThat(found.evidence().reasons())
                .containsExactly(
                        "with ',' 3 of the first 3 records have 2 fields, as the header has",
                        "3 lines that begin with '#' are comments: records have 2 fields, and none of"
                                + " these has");
        assertThat(found.evidence().confidence()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a first column whose values begin with the sign
                "id,name\n#1,a\n#2,b\n",
                "tag,n\n# x,1\n# y,2\n",
                "tag,n\n#x,1\ny,2\n#z,3\n",
                "share,of\n%5,a\n%7,b\n",
                // a header that does
                "#id,name\n1,a\n2,b\n",
                "# of items,price\n5,1.50\n7,2.50\n",
                "#id,name\nx,a\ny,b\n",
                "#id,name\n1,a,\n2,b,\n",
                "#a;b\n1,5;2,5\n3,5;4,5\n",
                "# a;b\n1,5;2,5\n3,5;4,5\n",
                "# a;b\n# 1,5;2,5;\nx,y;z,w\nu,v;s,t\n",
                "#gene,score\ncontrol,NA\nTP53,1.5\nBRCA,2.5\n",
                // damage: what a line break in a text has cut off
                "id,text\n1,hello\n#yolo\n2,bye\n#swag\n",
                "id,text,n\n1,hello\n# Title\nbye,7\n2,x,3\n3,y,4\n",
                "tag,n\n#a,1\n#b\n#c,3\n",
                // one column
                "name\n# a\nb\n# c\n",
                "# a\nname\nb\n",
                "# of items\nn/a\n5\n6\n",
                // other signs
                "id,name\n// x\n1,a\n-- y\n2,b\n",
                // quoted records
                "id,name\n\"# a\",b\n\"#\",c\n",
                "a,b\n#1,\"x\ny\"\n# 2,\"z\nw\"\n",
                // nothing else
                "# only a comment\n",
                "id,name\n# a\n# b\n",
                "#",
            })
    void whatMayBeARecordOrTheHeaderIsNoComment(String text) {
        var found = detect(text, DETECT);
        var told = detect(text, DETECT.withComment(Dialect.NO_COMMENT));
        assertThat(found.dialect()).isEqualTo(told.dialect());
        assertThat(found.skipped()).isZero();
    }

    @Test
    void linesThatMayBeCommentsAndAreReadAsRecordsAreSaid() {
        assertThat(detect("id,text\n1,hello\n#yolo\n2,bye\n", DETECT).evidence().reasons())
                .endsWith(
                        "a line that begins with '#' is read as a record, though it may be a comment");
    }

    @Test
    void nothingIsFoundOnlyBecauseTheHeadEnds() {
        var head = Texts.utf8("id,name\n1,a\n2,b\n# c");
        var found = DialectDetector.detect(head, head.length, false, DETECT);
        assertThat(found.dialect().hasComment()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# year,total\nyear,total\n2001,5\n2002,6\n",
                "#year,total\nyear,total\n2001,5\n2002,6\n",
                "# a\n# year,total\nyear,total\n2001,5\n2002,6\n",
                "#a,b\nr1,x,y\nr2,z,w\n",
                "id,name\n1,a\n# see b, not a\n2,b\n# and c\n3,c\n",
                "# list\nid,name\n1,a\n# 2,b\n# more\n3,c\n",
            })
    void whereTheFormSaysOneThingAndTheFieldsAnotherItIsAmbiguous(String text) {
        assertThatThrownBy(() -> detect(text, DETECT))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_DIALECT);
                            assertThat(e.what())
                                    .containsPattern("the line '#.*' is a comment or (a|the) ");
                            assertThat(e.remedy()).contains("--comment '#'", "--comment none");
                        });
        assertThat(detect(text, DETECT.withComment('#')).dialect().comment()).isEqualTo('#');
        assertThat(detect(text, DETECT.withComment(Dialect.NO_COMMENT)).dialect().comment())
                .isEqualTo(Dialect.NO_COMMENT);
    }

    @Test
    void whatIsToldIsTaken() {
        var text = "# a\nid,name\n1,a\n# b\n2,b\n";
        assertThat(detect(text, DETECT.withComment(Dialect.NO_COMMENT)).dialect().hasComment())
                .isFalse();
        assertThat(detect(text, DETECT.withComment('%')).dialect().comment()).isEqualTo('%');
        assertThat(detect(text, DETECT.withSkip(0)).dialect().hasComment()).isFalse();
        assertThat(detect(text, DETECT.withSkip(1)).dialect().comment()).isEqualTo('#');
        assertThat(detect(text, new SourceOptions(null, '#', null)).dialect().delimiter())
                .isEqualTo("#");
        assertThat(detect(text, new SourceOptions(null, ',', '#')).dialect().hasComment())
                .isFalse();
    }

    @Test
    void aSourceWithoutAHeaderHasOnlyWhatIsWrittenAsCommentsBeforeItsRows() {
        var rows = "1,a\n2,b\n";
        var columns = DETECT.with(List.of("id", "name"));
        assertThat(detect("# by x\n" + rows, columns).skipped()).isEqualTo(1);
        assertThat(detect("#3\n" + rows, columns).skipped()).isZero();
        assertThat(detect("# 3,c\n" + rows, columns).skipped()).isZero();
        assertThat(detect("1,a\n# b\n2,b\n", columns).dialect().comment()).isEqualTo('#');
    }
}

package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Compression;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceOptions;
import dev.millrace.format.Packings;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A model for several sources: it holds every value of each.
class SeveralSourcesInferTest {
    private static Inferred of(String... sources) {
        return Inferred.of(List.of(sources), SourceOptions.DETECT);
    }

    @Test
    void a_column_has_the_type_that_holds_the_values_of_all_sources() {
        var found =
                of(
                        "id,amount,at,note\n1,5,2024-01-02,x\n2,300,2024-02-03,y\n",
                        "id,amount,at,note\n3,12.75,2024-01-02 03:04:05,z\n70000,0.5,2024-01-03,\n");
        assertThat(found.columns())
                .containsExactly("id UInt32", "amount Decimal(9, 2)", "at DateTime", "note String");
        assertThat(found.evidence("amount").excluded())
                .isEqualTo("row 1 of 1: '12.75' is no whole number");
        assertThat(found.evidence("id").excluded())
                .isEqualTo("row 2 of 1: '70000' does not fit UInt16");
        assertThat(found.evidence("amount").least()).isEqualTo("0.5");
        assertThat(found.evidence("amount").greatest()).isEqualTo("300");
        assertThat(found.evidence("amount").values()).isEqualTo(4);
        assertThat(found.proposal().rows()).isEqualTo(4);
        assertThat(found.rejected()).isZero();
    }

    @Test
    void null_markers_and_date_formats_of_all_sources_are_the_columns() {
        var found =
                of(
                        "n,day,end\n1,31/12/2024,x\nN/A,30/11/2024,x\n",
                        "n,day,end\n2,1 Feb 2025,x\n?,2 Mar 2025,x\n");
        assertThat(found.columns()).startsWith("n Nullable(UInt8)", "day Date");
        var columns = found.proposal().definition().columns();
        assertThat(columns.get(0).reading().nullMarkers()).containsExactlyInAnyOrder("N/A", "?");
        assertThat(columns.get(1).reading().dateFormats())
                .containsExactlyInAnyOrder("dd/MM/yyyy", "d MMM yyyy");
        assertThat(found.rejected()).isZero();
    }

    @Test
    void dates_whose_day_only_another_source_tells_are_read_by_that() {
        var found = of("day,x\n01/02/2024,a\n", "day,x\n31/12/2024,b\n");
        assertThat(found.type()).isEqualTo("Date");
        assertThat(found.column().reading().dateFormats()).containsExactly("dd/MM/yyyy");

        var both = of("day,x\n12/31/2024,a\n", "day,x\n31/12/2024,b\n");
        assertThat(both.type()).isEqualTo("String");
        assertThat(both.rejected()).isZero();
    }

    @Test
    void a_column_that_some_sources_lack_is_nullable_and_it_is_said_which() {
        var found =
                of(
                        "id,tags,kind\n1,[1],a\n2,[2],b\n",
                        "kind,id,extra\nc,3,7\n",
                        "id,kind\n4,d\n5,e\n");
        assertThat(found.columns())
                .containsExactly(
                        "id UInt32", "tags Array(UInt8)", "kind String", "extra Nullable(UInt8)");
        assertThat(found.proposal().definition().columns().get(1).reading().defaultText())
                .isEqualTo("[]");
        assertThat(found.evidence("extra").absent()).isEqualTo(4);
        assertThat(found.evidence("extra").notes())
                .containsExactly("'0' and '2' have no such column: it is NULL there.");
        assertThat(found.evidence("tags").notes())
                .containsExactly("'1' and '2' have no such column: it is empty there.");
        assertThat(found.proposal().sources().stream().map(SourceEvidence::absent))
                .containsExactly(List.of("extra"), List.of("tags"), List.of("tags", "extra"));
        assertThat(found.proposal().definition().orderBy()).doesNotContain("extra");
        assertThat(found.rejected()).isZero();
    }

    @Test
    void each_source_is_read_as_it_is() {
        var found =
                Inferred.ofBytes(
                        List.of(
                                "user_id;price\n1;0,5\n2;1,25\n".getBytes(UTF_8),
                                "\uFEFFUserId\tprice\n70000\t12\n8\t7\n".getBytes(UTF_16LE),
                                Packings.pack(
                                        Compression.GZIP,
                                        "{\"price\": 3, \"user_id\": 5}\n".getBytes(UTF_8))),
                        SourceOptions.DETECT);
        assertThat(found.columns()).containsExactly("user_id UInt32", "price Decimal(9, 2)");
        assertThat(found.proposal().sources().stream().map(s -> s.reading().encoding().label()))
                .containsExactly("utf-8", "utf-16le", "utf-8");
        assertThat(found.proposal().sources().stream().map(s -> s.reading().format().label()))
                .containsExactly("csv", "csv", "jsonl");
        assertThat(found.proposal().sources().stream().map(SourceEvidence::rows))
                .containsExactly(2L, 2L, 1L);
        assertThat(found.rejected()).isZero();
    }

    @Test
    void damaged_records_and_misfits_are_those_of_their_sources() {
        var numbers =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> "%d,x".formatted(i))
                        .collect(Collectors.joining("\n", "a,b\n", "\n"));
        var found = of(numbers, "a,b\noops,x\n1\n2,y\n");
        assertThat(found.type()).isEqualTo("UInt16");
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isEqualTo(2);
        assertThat(found.evidence("a").examples()).containsExactly(new Example(1, 1, "oops"));
        assertThat(found.evidence("a").notes().toString()).contains("row 1 of 1: 'oops'");
        assertThat(found.proposal().damagedExamples()).containsExactly(new Example(1, 2, "1"));
        assertThat(found.proposal().sources().stream().map(SourceEvidence::damaged))
                .containsExactly(0L, 1L);
    }

    @Test
    void the_same_row_numbers_of_two_sources_are_two_rows() {
        var ok = "1,2\n".repeat(2_000);
        var found = of("a,b\nx y,1\n" + ok, "a,b\n1,x y\n" + ok);
        assertThat(found.columns()).containsExactly("a UInt8", "b UInt8");
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isEqualTo(2);
    }

    @Test
    void an_id_that_comes_again_in_another_source_tells_no_rows_apart() {
        assertThat(of("id,a\n1,x\n2,y\n", "id,a\n3,x\n").proposal().definition().eventId())
                .isEqualTo("id");
        assertThat(of("id,a\n1,x\n2,x\n", "id,a\n2,x\n").proposal().definition().eventId())
                .isNull();
    }

    @Test
    void keys_that_come_late_are_columns_of_every_source() {
        var late = new StringBuilder();
        for (var i = 0; i < 10_000; i++) {
            late.append("{\"id\": %d}\n".formatted(i));
        }
        late.append("{\"id\": 1, \"amount\": 1.5, \"colour\": \"red\"}\n");
        var found = of("id,amount\n1,7\n2,8\n", late.toString(), "id,Colour\n1,\n2,blue\n");
        assertThat(found.columns())
                .containsExactly(
                        "id UInt16", "amount Nullable(Decimal(9, 2))", "colour Nullable(String)");
        assertThat(found.evidence("amount").absent()).isEqualTo(10_002);
        assertThat(found.evidence("colour").absent()).isEqualTo(10_002);
        assertThat(found.evidence("colour").empty()).isEqualTo(1);
        assertThat(found.proposal().sources().stream().map(SourceEvidence::absent))
                .containsExactly(List.of("colour"), List.of(), List.of("amount"));
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isZero();
    }

    @Test
    void without_headers_fields_are_told_by_their_places() {
        var unnamed = SourceOptions.DETECT.with(List.of());
        var found = Inferred.of(List.of("1,x\n2,y\n", "3.5,z\n"), unnamed);
        assertThat(found.columns()).containsExactly("c1 Decimal(9, 2)", "c2 String");
        assertThat(found.rejected()).isZero();
        assertThatThrownBy(() -> Inferred.of(List.of("1,x\n2,y\n", "3.5,z,7\n4.5,z,8\n"), unnamed))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.HEADER_MISSING_COLUMN))
                .hasMessageContaining("'1': It has 3 fields in a record, and the sources before")
                .hasMessageContaining("2");
    }

    @Test
    void what_is_refused_names_its_source() {
        refused(ErrorCode.EMPTY_SOURCE, "'1'", "a,b\n1,2\n", "");
        refused(ErrorCode.EMPTY_SOURCE, "'1'", "a,b\n1,2\n", "a,b\n");
        refused(ErrorCode.AMBIGUOUS_DIALECT, "'0'", "7,2.50\n8,1.25\n", "7,2.50\n8,1.25\n");
        refused(ErrorCode.HEADER_MISSING_COLUMN, "'1'", "a,b\nx,2\n", "7,2.50\n8,1.25\n");
        refused(ErrorCode.HEADER_AMBIGUOUS, "'1'", "user_id,x\n1,2\n", "userId,UserID\n1,2\n");
        refused(
                ErrorCode.HEADER_AMBIGUOUS,
                "'2'",
                "user_id,x\n1,2\n",
                "userId,x\n1,2\n",
                "user_id,userId\n1,2\n");
    }

    @Test
    void a_column_that_could_not_be_made_for_a_source_before_is_refused() {
        var late = "{\"id\": 1}\n".repeat(10_000) + "{\"id\": 1, \"\": 2}\n";
        var first = "{\"id\": 1, \"\": 3}\n";
        refused(ErrorCode.HEADER_AMBIGUOUS, "'1'", late, first);
        var found = of(first, late);
        assertThat(found.columns()).containsExactly("id UInt8", "column Nullable(UInt8)");
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isEqualTo(1);
    }

    private static void refused(ErrorCode code, String named, String... sources) {
        assertThatThrownBy(() -> of(sources))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageStartingWith(named);
    }

    @Test
    void a_text_that_a_typed_file_declares_stays_one_beside_numbers() {
        var declared = new ColumnProfile(100, new SourceNames());
        declared.begin(false);
        add(declared, "1", RecordBlock.UNQUOTED);
        assertThat(declared.isDeclaredText()).isFalse();
        declared.begin(true);
        assertThat(declared.isDeclaredText()).as("nothing was declared yet").isFalse();
        add(declared, "2", RecordBlock.QUOTED);
        assertThat(declared.isDeclaredText()).isTrue();
        declared.begin(false);
        add(declared, "3", RecordBlock.UNQUOTED);
        assertThat(declared.isDeclaredText()).isTrue();
    }

    private static void add(ColumnProfile profile, String text, byte written) {
        profile.add(text.getBytes(UTF_8), 0, text.length(), written, 1);
    }
}

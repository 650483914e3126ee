package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Parts;
import dev.millrace.core.Compression;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.format.Packings;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 255|UInt8",
                "0 256|UInt16",
                "-1 127|Int8",
                "-129 0|Int16",
                "4294967296|UInt64",
                "18446744073709551615|UInt64",
                "18446744073709551616|UInt128",
                "-9223372036854775809|Int128",
                "340282366920938463463374607431768211456|UInt256",
                "1.5 -2|Decimal(9, 2)",
                "1.5 1234567|Decimal(9, 2)",
                "1.5 12345678|Decimal(9, 1)",
                "0.1234567890|Decimal(18, 10)",
                "1.5e3 2|Float64",
                "1.5 inf nan|Float64",
                "1e5 9007199254740993|String",
                "true FALSE|Bool",
                "Y N|Bool",
                "N N|String",
                "yes off|String",
                "00123 456|String",
                "0 12 -0|UInt8",
                "+4930123456 +4930123457|String",
                "2024-02-29|Date",
                "2024-02-30|String",
                "1900-01-01|Date32",
                "1899-12-31|String",
                "2024-01-01T00:00:00|DateTime",
                "2024-01-01T00:00:00.5Z|DateTime64(3)",
                "2024-01-01T00:00:00.1234+02:00|DateTime64(6)",
                "1960-01-01T00:00:00|DateTime64(0)",
                "123e4567-e89b-12d3-a456-426614174000|UUID",
                "d41d8cd98f00b204e9800998ecf8427e|String",
                "10.0.0.1 192.168.1.255|IPv4",
                "10.0.0.1 ::1|IPv6",
                "10.0.0.1 10.0.0.256|String",
                "[1] [] [300]|Array(UInt16)",
                "['a'] ['é']|Array(String)",
                "[a]|String",
                "[1] ['x']|String"
            })
    void types_are_the_narrowest_that_hold_every_value(String values, String type) {
        var fields = List.of(values.split(" "));
        var inferred = Inferred.ofColumn(fields.stream().map(f -> '"' + f + '"').toList());
        assertThat(inferred.type()).isEqualTo(type);
        assertThat(inferred.rejected()).isZero();
    }

    @Test
    void empty_fields_and_null_markers_make_a_number_nullable_and_a_text_not() {
        var numbers = Inferred.ofColumn(List.of("1", "", "N/A", "\\N", "\"\"", "3"));
        assertThat(numbers.type()).isEqualTo("Nullable(UInt8)");
        assertThat(numbers.column().reading().nullMarkers()).containsExactly("N/A", "");
        assertThat(numbers.evidence().nulls()).containsEntry("N/A", 1L).containsEntry("\\N", 1L);
        assertThat(numbers.evidence().values()).isEqualTo(2);
        assertThat(numbers.rejected()).isZero();

        var texts = Inferred.ofColumn(List.of("a", "", "N/A", "3"));
        assertThat(texts.type()).isEqualTo("String");
        assertThat(texts.column().reading().nullMarkers()).isEmpty();
        assertThat(Inferred.ofColumn(List.of("a", "\\N")).type()).isEqualTo("Nullable(String)");
    }

    @Test
    void nan_is_a_null_marker_unless_there_are_infinities_or_exponents() {
        var integers = Inferred.ofColumn(List.of("1", "NaN"));
        assertThat(integers.type()).isEqualTo("Nullable(UInt8)");
        assertThat(integers.column().reading().nullMarkers()).containsExactly("NaN");
        var floats = Inferred.ofColumn(List.of("1e-9", "NaN"));
        assertThat(floats.type()).isEqualTo("Float64");
        assertThat(floats.column().reading().allowNonFinite()).isTrue();
        assertThat(floats.rejected()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "31/12/2024;01/02/2024|Date|dd/MM/yyyy",
                "12/31/2024;1/2/2024|Date|M/d/yyyy",
                "31.12.2024 23:59;01.01.2025 00:00|DateTime|dd.MM.yyyy HH:mm",
                "12/31/2024 1:05 PM;01/02/2024 12:00 AM|DateTime|MM/dd/yyyy h:mm a",
                "2 Jan 2024;12 May 2024|Date|d MMM yyyy",
                "January 2, 2024;May 12, 2024|Date|MMMM d, yyyy MMM dd, yyyy",
                "2024/01/02;2024/12/31|Date|yyyy/MM/dd",
                "2024-01-02 03:04:05;2024-01-02|DateTime|yyyy-MM-dd HH:mm:ss yyyy-MM-dd",
                "2024-01-02 03:04 +02:00;2024-01-02 03:04 Z|DateTime|yyyy-MM-dd HH:mm XXX"
            })
    void dates_are_read_by_the_formats_that_occur(String values, String type, String formats) {
        var fields = List.of(values.split(";"));
        var inferred = Inferred.ofColumn(fields.stream().map(f -> '"' + f + '"').toList());
        assertThat(inferred.type()).isEqualTo(type);
        assertThat(String.join(" ", inferred.column().reading().dateFormats())).isEqualTo(formats);
        assertThat(inferred.rejected()).isZero();
    }

    @Test
    void a_date_of_which_nobody_can_tell_day_from_month_stays_a_text_with_a_note() {
        var inferred = Inferred.ofColumn(List.of("01/02/2024", "03/04/2024"));
        assertThat(inferred.type()).isEqualTo("String");
        assertThat(inferred.evidence().notes().toString()).contains("dd/MM/yyyy", "MM/dd/yyyy");
    }

    @Test
    void few_texts_that_come_back_make_a_dictionary() {
        var few = new ArrayList<String>();
        IntStream.range(0, 200).forEach(i -> few.add("shop " + i % 7));
        assertThat(Inferred.ofColumn(few).type()).isEqualTo("LowCardinality(String)");
        var many = IntStream.range(0, 200).mapToObj(i -> "user " + i).toList();
        assertThat(Inferred.ofColumn(many).type()).isEqualTo("String");
    }

    @Test
    void garbage_in_one_value_of_a_thousand_is_announced_and_does_not_widen_the_column() {
        var fields = new ArrayList<>(IntStream.range(0, 2_000).mapToObj(i -> "" + i).toList());
        fields.set(1_233, "oops");
        fields.set(1_500, "n. a.");
        var inferred = Inferred.ofColumn(fields);
        assertThat(inferred.type()).isEqualTo("UInt16");
        assertThat(inferred.proposal().rejected()).isEqualTo(2);
        assertThat(inferred.rejected()).isEqualTo(2);
        assertThat(inferred.evidence().examples())
                .containsExactly(new Example(0, 1_234, "oops"), new Example(0, 1_501, "n. a."));

        fields.set(7, "more");
        assertThat(Inferred.ofColumn(fields).type()).isEqualTo("String");
    }

    @Test
    void one_code_among_numbers_makes_them_texts_and_is_shown() {
        var fields = new ArrayList<>(IntStream.range(10, 5_010).mapToObj(i -> "" + i).toList());
        fields.set(42, "12A");
        var inferred = Inferred.ofColumn(fields);
        assertThat(inferred.type()).isEqualTo("String");
        assertThat(inferred.evidence().excluded()).isEqualTo("row 43: '12A' is no number");
        fields.set(42, "00012");
        assertThat(Inferred.ofColumn(fields).evidence().excluded())
                .isEqualTo("row 43: '00012' would lose its leading zero as a number");
    }

    @Test
    void what_excluded_a_narrower_type_is_said_with_its_row() {
        var fields = new ArrayList<>(Collections.nCopies(50, "7"));
        fields.set(11, "12.5");
        var decimal = Inferred.ofColumn(fields).evidence();
        assertThat(decimal.excluded()).isEqualTo("row 12: '12.5' is no whole number");
        assertThat(List.of(String.valueOf(decimal.least()), String.valueOf(decimal.greatest())))
                .containsExactly("7", "12.5");
        fields.set(11, "300");
        assertThat(Inferred.ofColumn(fields).evidence().excluded())
                .isEqualTo("row 12: '300' does not fit UInt8");
    }

    @Test
    void damaged_records_are_counted_and_left_out() {
        var inferred = Inferred.of("a,b\n1,2\n3\n4,5,6\n\"x\"y,7\n8,9\n");
        assertThat(inferred.proposal().rows()).isEqualTo(5);
        assertThat(inferred.proposal().damaged()).isEqualTo(3);
        assertThat(inferred.proposal().rejected()).isEqualTo(inferred.rejected()).isEqualTo(3);
        assertThat(inferred.type()).isEqualTo("UInt8");
    }

    @Test
    void the_table_is_sorted_by_few_values_then_time_then_what_tells_rows_apart() {
        var rows =
                IntStream.range(0, 300)
                        .mapToObj(i ->
                                "%d,2024-01-01 00:00:%02d,%s,%d"
                                        .formatted(1000 + i, i % 60, "kind " + i % 3, i % 10))
                        .collect(Collectors.joining("\n"));
        var definition = Inferred.of("order_id,at,kind,amount\n" + rows).proposal().definition();
        assertThat(definition.orderBy()).containsExactly("kind", "at", "order_id");
        assertThat(definition.eventId()).isEqualTo("order_id");
    }

    @Test
    void a_column_of_one_number_has_the_type_of_its_sibling_and_an_id_room_for_more() {
        var inferred = Inferred.of("bonus_win,real_win,age,id\n0,12.5,1,7\n0,7,1,8\n");
        assertThat(inferred.type()).isEqualTo("Decimal(9, 2)");
        assertThat(inferred.evidence().notes().toString()).contains("'real_win'");
        var columns = inferred.proposal().definition().columns();
        assertThat(columns.get(2).type().name()).isEqualTo("UInt8");
        assertThat(columns.get(3).type().name()).isEqualTo("UInt32");
    }

    @Test
    void names_that_no_column_can_have_stay_as_source_names() {
        var longName = "n".repeat(200);
        var inferred = Inferred.of("_millrace_x,%s,Total (€)\n1,2,3\n".formatted(longName));
        var columns = inferred.proposal().definition().columns();
        assertThat(columns.get(0).name()).isEqualTo("millrace_x");
        assertThat(columns.get(0).reading().sourceNames()).containsExactly("_millrace_x");
        assertThat(columns.get(1).name()).hasSize(128);
        assertThat(columns.get(2).name()).isEqualTo("Total (€)");
        assertThat(columns.get(2).reading().sourceNames()).isEmpty();
        assertThat(inferred.rejected()).isZero();
    }

    @Test
    void fields_of_a_source_without_a_header_are_numbered() {
        var inferred = Inferred.of("1,x\n2,y\n", Inferred.COMMAS.with(List.of()));
        assertThat(inferred.proposal().rows()).isEqualTo(2);
        assertThat(inferred.proposal().reading().header()).containsExactly("c1", "c2");
        assertThat(inferred.type()).isEqualTo("UInt8");
    }

    @Test
    void a_source_without_records_is_refused() {
        for (var text : List.of("", "a,b\n")) {
            assertThatThrownBy(() -> Inferred.of(text, SourceOptions.DETECT))
                    .isInstanceOf(MillraceException.class);
        }
    }

    @Test
    void
            keys_that_only_later_objects_have_become_columns_and_those_spelled_otherwise_are_rejected() {
        var text = new StringBuilder();
        for (var i = 0; i < 5_000; i++) {
            text.append("{\"id\": %d, \"user_id\": %d}\n".formatted(i, i));
        }
        text.append("{\"id\": 5001, \"user_id\": 1, \"amount\": 1.5}\n");
        text.append("{\"id\": 5002, \"userId\": 2}\n");
        text.append("{\"id\": 5003, \"user_id\": 1, \"Amount\": 7}\n");
        text.append("{\"id\": 5004, \"user_id\": 1, \"amount\": 2000000000, \"note\": \"x\"}\n");
        text.append("{\"id\": 5005, \"user_id\": 1, \"broken: 7}\n");
        var found = Inferred.of(text.toString(), SourceOptions.DETECT);
        assertThat(found.columns())
                .containsExactly(
                        "id UInt32",
                        "user_id UInt16",
                        "amount Nullable(Decimal(18, 2))",
                        "note Nullable(String)");
        assertThat(found.evidence("amount").absent()).isEqualTo(5_000);
        assertThat(found.evidence("amount").values()).isEqualTo(2);
        assertThat(found.evidence("amount").notes())
                .contains("It first comes in row 5,001: before that it is NULL.");
        assertThat(found.proposal().rows()).isEqualTo(5_005);
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isEqualTo(3);
    }

    @Test
    void of_keys_without_number_a_hundred_become_columns_and_the_others_are_named() {
        var text = new StringBuilder();
        for (var i = 0; i < 10_000; i++) {
            text.append("{\"id\": %d}\n".formatted(i));
        }
        for (var i = 0; i < 3_000; i++) {
            text.append("{\"id\": %d, \"key%d\": 1}\n".formatted(i, i));
        }
        var found = Inferred.of(text.toString(), SourceOptions.DETECT);
        assertThat(found.columns()).hasSize(101).endsWith("key99 Nullable(UInt8)");
        assertThat(found.proposal().notes()).anyMatch(note -> note.contains("key100, key101"));
        assertThat(found.proposal().rejected()).isEqualTo(found.rejected()).isZero();
    }

    @Test
    void a_key_without_a_name_makes_a_column_that_is_found_again() {
        var found = Inferred.of("{\"\": 1, \"b\": \"x\"}\n", SourceOptions.DETECT);
        assertThat(found.rejected()).isZero();
    }

    @Test
    @Timeout(20)
    void a_number_of_millions_of_digits_is_a_text_and_takes_no_time() {
        var found = Inferred.of("a\n" + "7".repeat(4_000_000) + "\n");
        assertThat(found.proposal().definition().columns().getFirst().type().name())
                .isEqualTo("String");
    }

    @Test
    void of_a_packed_head_no_more_is_unpacked_than_is_looked_at() {
        var packed = Packings.pack(Compression.GZIP, "1,2\n".repeat(5_000_000).getBytes(UTF_8));
        var preview =
                Preview.of(
                        new ByteArrayInputStream(packed),
                        true,
                        SourceOptions.DETECT,
                        true,
                        null,
                        Parts::next);
        assertThat(preview.isWhole()).isFalse();
        assertThat(preview.rows()).hasSize(Preview.MOST_ROWS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,5;12,25;7        | Decimal(9, 2)  | ,",
                "1.234,50;0,5;12    | Decimal(9, 2)  | ,.",
                "1,234.50;12.5;3    | Decimal(9, 2)  | .,",
                "1,234,567;12;1,000 | UInt32         | .,",
                "1,234;2,000        | String         | .",
                "0,5;1.5            | String         | .",
                "1,5;1,234.5        | String         | .",
                "0,5;00123          | String         | ."
            })
    void numbers_with_commas_are_read_as_all_of_them_can_be(
            String values, String type, String separators) {
        var text = "c;end\n" + values.replace(";", ";x\n") + ";x\n";
        var found = Inferred.of(text, new SourceOptions(null, ';', '"'));
        var column = found.proposal().definition().columns().getFirst();
        assertThat(column.type().name()).isEqualTo(type);
        var numbers = column.reading().numbers();
        assertThat((numbers.decimal() + "" + numbers.group()).replace("\0", ""))
                .isEqualTo(separators);
        assertThat(found.rejected()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, 1, Bool",
        "true, false, disable, Bool",
        "yes, no, 0, Bool",
        "11111111-2222-3333-4444-555555555555, aaaaaaaa-2222-3333-4444-555555555555,"
                + " 11111111222233334444555555555555, UUID",
        "11111111-2222-3333-4444-555555555555, aaaaaaaa-2222-3333-4444-555555555555,"
                + " f1111111222233334444555555555555, UUID"
    })
    void what_a_type_holds_though_it_does_not_look_like_it_is_not_announced_as_rejected(
            String one, String other, String odd, String type) {
        var fields = new ArrayList<String>();
        for (var i = 0; i < 1_500; i++) {
            fields.add(one);
            fields.add(other);
        }
        fields.add(odd);
        var found = Inferred.ofColumn(fields);
        assertThat(found.type()).isEqualTo(type);
        assertThat(found.rejected()).isZero();
        assertThat(found.proposal().rejected()).isZero();
        assertThat(found.evidence().misfits()).isZero();
        fields.add("oops");
        found = Inferred.ofColumn(fields);
        assertThat(found.type()).isEqualTo(type);
        assertThat(found.proposal().rejected()).isEqualTo(1);
        assertThat(found.rejected()).isEqualTo(1);
        assertThat(found.evidence().examples()).hasSize(1);
    }

    @Test
    void numbers_that_a_float_rounds_are_noted() {
        var found = Inferred.ofColumn(List.of("1e5", "0.1234567890123456789"));
        assertThat(found.type()).isEqualTo("Float64");
        assertThat(found.evidence().notes()).anyMatch(n -> n.contains("0.1234567890123456789"));
        var exact = Inferred.ofColumn(List.of("1e5", "0.12345678901234567000"));
        assertThat(exact.evidence().notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "9999-12-31 23:59:59Z, DateTime64(0)",
        "9999-12-31 23:59:59-05:00, String",
        "9999-12-31 23:59:59.999Z, DateTime64(3)",
        "0000-01-01 00:00:00Z, DateTime64(0)",
        "0000-01-01 00:00:00+05:00, String",
        "1677-09-21 00:12:44.000000001Z, DateTime64(9)",
        "1677-09-21 00:12:43.999999999Z, String",
        "2262-04-11 23:47:15.999999999Z, DateTime64(9)",
        "2262-04-11 23:47:17.000000001Z, String"
    })
    void times_at_the_edges_of_a_type_are_taken_or_stay_texts(String time, String type) {
        var found = Inferred.ofColumn(List.of("2024-01-01 00:00:00Z", time));
        assertThat(found.type()).isEqualTo(type);
        assertThat(found.rejected()).isZero();
    }
}

package dev.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.core.Column;
import dev.millrace.core.ColumnConstraints;
import dev.millrace.core.ColumnReading;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Keep;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.UnknownColumns;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeaderMatchTest {
    @Test
    void columnsAreFoundInAnyOrderAndOthersIgnored() {
        var match = match(List.of("b", "more", "a", "else"), "a", "b");
        assertThat(match.fieldOf()).containsExactly(2, 0);
        assertThat(match.ignored()).containsExactly("more", "else");
    }

    @Test
    void caseAndOuterSpacesDoNotCountWhenNoNameIsExact() {
        var match = match(List.of(" User_ID\t", "GAME"), "user_id", "Game");
        assertThat(match.fieldOf()).containsExactly(0, 1);
        assertThat(match.ignored()).isEmpty();
    }

    @Test
    void anExactNameGoesBeforeALooseOne() {
        var match = match(List.of("ID", "id"), "id");
        assertThat(match.fieldOf()).containsExactly(1);
        assertThat(match.ignored()).containsExactly("ID");
    }

    @Test
    void columnsThatDifferOnlyInCaseAreFoundByTheirExactNames() {
        assertThat(match(List.of("ID", "id"), "id", "ID").fieldOf()).containsExactly(1, 0);
    }

    @Test
    void oneColumnNamedTwiceIsAmbiguous() {
        assertThat(refused(List.of("a", "b", "a"), "a").what())
                .isEqualTo(
                        "The names 'a' (field 1) and 'a' (field 3) in the header both fit the column 'a'");
        assertThat(refused(List.of("A", " a"), "a").what())
                .isEqualTo(
                        "The names 'A' (field 1) and ' a' (field 2) in the header both fit the column 'a'");
    }

    @Test
    void oneNameThatFitsTwoColumnsIsAmbiguous() {
        var refusal = refused(List.of("Id"), "id", "ID");
        assertThat(refusal.code()).isEqualTo(ErrorCode.HEADER_AMBIGUOUS);
        assertThat(refusal.what())
                .isEqualTo(
                        "The name 'Id' in the header fits the columns 'id' and 'ID' equally well");
    }

    @Test
    void aNameThatFitsLooselyWhatOthersFitExactlyIsUnknown() {
        var match = match(List.of("a_b", "a-b", "AB"), "a_b", "a-b");
        assertThat(match.fieldOf()).containsExactly(0, 1);
        assertThat(match.ignored()).containsExactly("AB");
    }

    @Test
    void aNameOfJointsAloneFitsNothingLoosely() {
        var definition = definition("_", "Nullable(String)", "a", "UInt8");
        assertThat(HeaderMatch.match(List.of("a", "-"), definition).fieldOf())
                .containsExactly(-1, 0);
        assertThat(HeaderMatch.match(List.of("_", "a"), definition).fieldOf())
                .containsExactly(0, 1);
    }

    @Test
    void aNullableColumnMayBeAbsent() {
        var definition = definition("a", "UInt8", "b", "Nullable(UInt8)");
        assertThat(HeaderMatch.match(List.of("a"), definition).fieldOf()).containsExactly(0, -1);
    }

    @Test
    void allOtherAbsentColumnsAreNamedAtOnce() {
        var definition =
                definition("a", "UInt8", "b", "String", "c", "Nullable(UInt8)", "d", "Date");
        var refusal =
                catchThrowableOfType(
                        MillraceException.class,
                        () -> HeaderMatch.match(List.of("a;b;d", "x"), definition));
        assertThat(refusal.code()).isEqualTo(ErrorCode.HEADER_MISSING_COLUMN);
        assertThat(refusal.what())
                .isEqualTo(
                        "The header lacks the columns 'a', 'b', 'd', which cannot be NULL; it has: a;b;d, x");
        assertThat(refusal.remedy()).contains("delimiter");
    }

    @Test
    void aLongHeaderIsShownInPart() {
        var header = Stream.iterate(0, i -> i + 1).limit(5_000).map(i -> "column" + i).toList();
        assertThat(refusedFor(header, definition("a", "UInt8")).what())
                .hasSizeLessThan(1_200)
                .endsWith("…");
    }

    @Test
    void whatJoinsTheWordsOfANameDoesNotCountWhenNoNameIsExact() {
        var match =
                match(
                        List.of("User-ID", "game.name", "BET_amount"),
                        "user_id",
                        "gameName",
                        "bet.amount");
        assertThat(match.fieldOf()).containsExactly(0, 1, 2);
        assertThat(refused(List.of("a-b"), "a_b", "a.b").what())
                .isEqualTo(
                        "The name 'a-b' in the header fits the columns 'a_b' and 'a.b' equally well");
        assertThat(match(List.of("a b", "a.b"), "ab", "a b").fieldOf()).containsExactly(1, 0);
    }

    @Test
    void aSourceNameMeansItsColumnAsTheColumnsOwnNameDoes() {
        var definition = sourced(UnknownColumns.IGNORE);
        assertThat(HeaderMatch.match(List.of("Betrag", "id"), definition).fieldOf())
                .containsExactly(1, 0);
        assertThat(HeaderMatch.match(List.of("bet-rag", "ID"), definition).fieldOf())
                .containsExactly(1, 0);
        assertThat(HeaderMatch.match(List.of("id", "amount"), definition).fieldOf())
                .containsExactly(0, 1);
        assertThat(refusedFor(List.of("id", "amount", "Betrag"), definition).what())
                .isEqualTo(
                        "The names 'amount' (field 2) and 'Betrag' (field 3) in the header both fit the column 'amount'");
        assertThat(refusedFor(List.of("id"), definition).what())
                .startsWith("The header lacks the column 'amount' or 'Betrag'");
    }

    @Test
    void aSourceNameMayLookLikeAnotherColumnAndAHeaderDecides() {
        var definition =
                new ModelDefinition(
                        List.of(column("id", "Key"), column("key")), null, null, List.of(), null);
        assertThat(HeaderMatch.match(List.of("Key", "key"), definition).fieldOf())
                .containsExactly(0, 1);
        assertThat(refusedFor(List.of("id", "KEY"), definition).code())
                .isEqualTo(ErrorCode.HEADER_AMBIGUOUS);
    }

    @Test
    void aModelMayRefuseColumnsThatItDoesNotHave() {
        var definition = sourced(UnknownColumns.REJECT);
        assertThat(HeaderMatch.match(List.of("id", "AMOUNT"), definition).ignored()).isEmpty();
        var refusal = refusedFor(List.of("id", "amount", "note", "Id"), definition);
        assertThat(refusal.code()).isEqualTo(ErrorCode.HEADER_UNKNOWN_COLUMN);
        assertThat(refusal.what())
                .isEqualTo("The header has columns that the model does not have: note, Id");
    }

    private static ModelDefinition sourced(UnknownColumns unknown) {
        var columns = List.of(column("id"), column("amount", "Betrag"));
        return new ModelDefinition(
                columns, null, false, null, List.of(), Keep.ALL, List.of(), null, unknown);
    }

    private static Column column(String name, String... sourceNames) {
        var reading =
                new ColumnReading(
                        List.of(sourceNames),
                        List.of(),
                        null,
                        List.of(),
                        false,
                        ColumnReading.ClockChange.REJECT);
        return new Column(name, ColumnTypes.parse("String"), reading, ColumnConstraints.NONE);
    }

    private static MillraceException refusedFor(List<String> header, ModelDefinition definition) {
        return catchThrowableOfType(
                MillraceException.class, () -> HeaderMatch.match(header, definition));
    }

    private static MillraceException refused(List<String> header, String... columns) {
        var refusal = catchThrowableOfType(MillraceException.class, () -> match(header, columns));
        assertThat(refusal.code()).isEqualTo(ErrorCode.HEADER_AMBIGUOUS);
        return refusal;
    }

    @Test
    void aHeaderThatNamesNoColumnIsRefusedAlsoWhereAllMayBeAbsent() {
        var definition = definition("a", "Nullable(UInt8)", "b", "Nullable(String)");
        var refusal =
                catchThrowableOfType(
                        MillraceException.class,
                        () -> HeaderMatch.match(List.of("1", "x"), definition));
        assertThat(refusal.code()).isEqualTo(ErrorCode.HEADER_MISSING_COLUMN);
        assertThat(refusal.what())
                .isEqualTo("The header has none of the model's columns; it has: 1, x");
        assertThat(refusal.remedy()).contains("--no-header");
        assertThat(HeaderMatch.match(List.of("1", "b"), definition).fieldOf())
                .containsExactly(-1, 1);
        assertThat(HeaderMatch.match(List.of(), definition).fieldOf()).containsExactly(-1, -1);
    }

    private static HeaderMatch match(List<String> header, String... columns) {
        var ofText =
                Stream.of(columns)
                        .map(name -> new Column(name, ColumnTypes.parse("String")))
                        .toList();
        return HeaderMatch.match(header, new ModelDefinition(ofText, null, null, List.of(), null));
    }

    private static ModelDefinition definition(String... namesAndTypes) {
        var columns =
                IntStream.range(0, namesAndTypes.length / 2)
                        .mapToObj(i ->
                                new Column(
                                        namesAndTypes[2 * i],
                                        ColumnTypes.parse(namesAndTypes[2 * i + 1])))
                        .toList();
        return new ModelDefinition(columns, null, null, List.of(), null);
    }
}

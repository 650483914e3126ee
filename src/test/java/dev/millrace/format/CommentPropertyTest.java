package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Dialect;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// Whatever is found of comments, no record is lost.
class CommentPropertyTest {
    private static final SourceOptions NO_COMMENT =
            SourceOptions.DETECT.withComment(Dialect.NO_COMMENT);

    @Property(tries = 3000)
    void aTableIsReadAsIfNobodyLookedForComments(@ForAll("tables") List<List<String>> table) {
        var text =
                table.stream()
                        .map(fields -> String.join(",", fields))
                        .collect(Collectors.joining("\n", "", "\n"));
        var found = read(text, SourceOptions.DETECT);
        if (found != null) {
            assertThat(found).isEqualTo(read(text, NO_COMMENT));
        }
    }

    @Property(tries = 3000)
    void whateverElseThereIsNoRecordOfAsManyFieldsAsTheHeaderIsLost(
            @ForAll("lines") List<String> lines) {
        var text = String.join("\n", lines);
        var comma = new SourceOptions(null, ',', Dialect.NO_QUOTE);
        var found = read(text, comma);
        if (found == null || found.isEmpty()) {
            return;
        }
        var fields = found.getFirst().size();
        if (fields > 1) {
            assertThat(found)
                    .containsAll(
                            lines.stream()
                                    .map(line -> List.of(line.split(",", -1)))
                                    .filter(record -> record.size() == fields)
                                    .toList());
        }
    }

    /// The header and all records, or null where that is ambiguous.
    private static @Nullable List<List<String>> read(String text, SourceOptions asked) {
        var in = new ByteArrayInputStream(Texts.utf8(text));
        var all = new ArrayList<List<String>>();
        try (var decoder = SourceDecoder.open(in, asked, 1 << 16)) {
            var sizes = new SplitSizes(1 << 16, 1 << 16, 1 << 16);
            var cutter = RecordCutter.open(decoder, asked, 1 << 12, sizes, 1 << 16);
            all.add(cutter.reading().header());
            var record = new SourceRecord();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var reader = RecordReader.open(cutter.reading(), cut, 1 << 12);
                while (reader.next(record)) {
                    all.add(fields(record));
                }
            }
            return all;
        } catch (MillraceException e) {
            assertThat(e.code()).isIn(ErrorCode.AMBIGUOUS_DIALECT, ErrorCode.HEADER_AMBIGUOUS);
            return null;
        }
    }

    private static List<String> fields(SourceRecord record) {
        return IntStream.range(0, record.fields)
                .mapToObj(i ->
                        new String(
                                record.bytes,
                                record.starts[i],
                                record.ends[i] - record.starts[i],
                                StandardCharsets.UTF_8))
                .toList();
    }

    @Provide
    Arbitrary<List<List<String>>> tables() {
        var field = Arbitraries.of("#", "# a", "##", "#1", "% b", "a", "b c", "1", "2.5", "é", "");
        var columns = Arbitraries.integers().between(2, 4);
        return columns.flatMap(n -> {
            var names =
                    Arbitraries.of("id", "#id", "# of x", "%", "name", "city", "n", "2001")
                            .list()
                            .ofSize(n)
                            .uniqueElements();
            var rows = field.list().ofSize(n).list().ofMaxSize(12);
            return Combinators.combine(names, rows)
                    .as((header, records) -> {
                        var all = new ArrayList<>(List.of(header));
                        all.addAll(records);
                        return all;
                    });
        });
    }

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.of(
                        "# a",
                        "# a,b",
                        "#a",
                        "#a,b",
                        "#1,2",
                        "##",
                        "# 1,2",
                        "id,name",
                        "#id,name",
                        "1,a",
                        "2,b",
                        "x,y",
                        "1",
                        "a,b,c",
                        "#a,b,c",
                        "%,1",
                        "% a")
                .list()
                .ofMinSize(1)
                .ofMaxSize(14);
    }
}

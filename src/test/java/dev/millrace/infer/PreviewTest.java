package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Parts;
import dev.millrace.convert.ParquetFiles;
import dev.millrace.convert.XlsxFiles;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.Compression;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.SourceOptions;
import dev.millrace.format.Packings;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The first records of sources of every kind, whatever their size.
class PreviewTest {
    private static final int ROWS = 60_000;

    @TempDir Path folder;

    private final Infer infer = new Infer(1, Parts::next);
    private final Random random = new Random(7);

    private Preview of(byte[] bytes, SourceOptions asked, @Nullable ModelDefinition model) {
        return infer.preview(new ByteArrayInputStream(bytes), true, asked, false, model);
    }

    private String text() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private byte[] parquet() throws IOException {
        var file = new ParquetFiles(folder, "required binary id (STRING);");
        for (var i = 0; i < ROWS; i++) {
            var text = text();
            file.row(row -> row.add("id", text));
        }
        return Files.readAllBytes(file.write());
    }

    private byte[] sheet(int rows, String first) throws IOException {
        var cells = new StringBuilder(first);
        for (var i = 2; i < rows + 2; i++) {
            cells.append(
                    "<row r='%d'><c r='A%1$d'><v>%1$d</v></c><c r='B%1$d' t='inlineStr'><is><t>%s</t></is></c></row>"
                            .formatted(i, text()));
        }
        return Files.readAllBytes(new XlsxFiles().sheet("S", cells.toString()).write(folder));
    }

    private byte[] sheet(int rows) throws IOException {
        return sheet(
                rows,
                "<row r='1'><c r='A1' t='str'><v>id</v></c><c r='B1' t='str'><v>t</v></c></row>");
    }

    @Test
    void files_that_say_at_their_end_what_they_hold_are_looked_at_whatever_their_size()
            throws Exception {
        for (var source : List.of(parquet(), sheet(ROWS))) {
            assertThat(source.length).isGreaterThan(Preview.MOST_BYTES + 100_000);
            var preview = of(source, SourceOptions.DETECT, null);
            assertThat(preview.rows()).hasSize(Preview.MOST_ROWS).allMatch(Preview.Row::isStored);
            assertThat(preview.reading().header()).first().isEqualTo("id");
            assertThat(preview.isWhole()).isFalse();
        }
    }

    @Test
    void what_the_file_declares_as_texts_is_no_number() throws Exception {
        var file =
                new ParquetFiles(
                                folder,
                                "required binary code (STRING); required int32 n;"
                                        + " optional binary word (STRING);")
                        .row(row -> row.append("code", "123").append("n", 7).append("word", "true"))
                        .row(row -> row.append("code", "4567").append("n", 8))
                        .write();
        try (var in = Files.newInputStream(file)) {
            var proposal = infer.propose(in, SourceOptions.DETECT, false);
            assertThat(proposal.definition().columns().stream().map(c -> c.type().name()))
                    .containsExactly("String", "UInt8", "Nullable(String)");
            assertThat(proposal.columns().getFirst().notes())
                    .anyMatch(note -> note.contains("declares them as texts"));
        }
    }

    @Test
    void of_a_packed_text_the_head_is_enough() {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < ROWS; i++) {
            text.append(i).append(',').append(text()).append('\n');
        }
        for (var packing : List.of(Compression.ZIP, Compression.GZIP, Compression.ZSTD)) {
            var packed = Packings.pack(packing, text.toString().getBytes(UTF_8));
            assertThat(packed.length).isGreaterThan(Preview.MOST_BYTES);
            var head = Arrays.copyOf(packed, Preview.MOST_BYTES);
            var preview =
                    infer.preview(
                            new ByteArrayInputStream(head),
                            false,
                            SourceOptions.DETECT,
                            false,
                            null);
            assertThat(preview.rows()).as(packing.toString()).hasSize(Preview.MOST_ROWS);
            assertThat(of(packed, SourceOptions.DETECT, null).rows()).hasSize(Preview.MOST_ROWS);
        }
    }

    @Test
    void a_head_that_tells_nothing_alone_is_refused_as_such() throws Exception {
        var head = Arrays.copyOf(parquet(), Preview.MOST_BYTES);
        assertThatThrownBy(() ->
                        infer.preview(
                                new ByteArrayInputStream(head),
                                false,
                                SourceOptions.DETECT,
                                false,
                                null))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_INCOMPLETE));
    }

    @Test
    void a_sheet_without_a_header_gets_the_names_that_it_is_given() throws Exception {
        var bytes = sheet(3, "<row r='1'><c r='A1'><v>1</v></c></row>");
        var given = of(bytes, SourceOptions.DETECT.with(List.of("n", "t", "more")), null);
        assertThat(given.reading().header()).containsExactly("n", "t", "more");
        assertThat(given.rows()).hasSize(4).allMatch(Preview.Row::isStored);
        assertThat(given.rows().getLast().cells().getFirst()).isEqualTo("4");

        var ours = of(bytes, SourceOptions.DETECT.with(List.of()), null);
        assertThat(ours.reading().header()).containsExactly("A", "B");

        var model =
                new ModelDefinition(
                        List.of(
                                new Column("x", ColumnTypes.parse("UInt8")),
                                new Column("y", ColumnTypes.parse("Nullable(String)"))),
                        null,
                        null,
                        List.of(),
                        null);
        var models = of(bytes, SourceOptions.DETECT.with(List.of()), model);
        assertThat(models.rows()).hasSize(4).allMatch(Preview.Row::isStored);
        assertThat(models.rows().getLast().cells().getFirst()).isEqualTo("4");
    }

    @Test
    void a_sheet_wider_than_its_names_shows_it() throws Exception {
        var bytes = sheet(3, "<row r='1'><c r='A1'><v>1</v></c></row>");
        var preview = of(bytes, SourceOptions.DETECT.with(List.of("n")), null);
        assertThat(preview.rows().getFirst().isStored()).isTrue();
        assertThat(preview.rows().getLast().isStored()).isFalse();
    }

    @Test
    @Timeout(30)
    void no_more_than_so_many_are_made_at_a_time() throws Exception {
        var go = new CountDownLatch(1);
        var begun = new CountDownLatch(4);
        var threads =
                Stream.generate(() ->
                                Thread.ofVirtual()
                                        .start(() ->
                                                infer.preview(
                                                        new Waiting(begun, go),
                                                        true,
                                                        SourceOptions.DETECT,
                                                        false,
                                                        null)))
                        .limit(4)
                        .toList();
        begun.await();
        assertThatThrownBy(() -> of("a\n1\n".getBytes(UTF_8), SourceOptions.DETECT, null))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_BUSY));
        go.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(of("a\n1\n".getBytes(UTF_8), SourceOptions.DETECT, null).rows()).hasSize(1);
    }

    /// A source that arrives once it may.
    private static final class Waiting extends FilterInputStream {
        private final CountDownLatch begun;
        private final CountDownLatch go;

        Waiting(CountDownLatch begun, CountDownLatch go) {
            super(new ByteArrayInputStream("a\n1\n".getBytes(UTF_8)));
            this.begun = begun;
            this.go = go;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return super.read(into, offset, length);
        }
    }
}

package dev.millrace.convert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.core.Compression;
import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Evidence;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.format.RecordReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/// Rows that were written as blocks are read as they were, in whatever portions.
class RowBlockTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COLUMNS = List.of("a", "é\"\\", "c");

    /// A column that no block has.
    private static final List<String> HEADER = List.of("a", "é\"\\", "c", "late");

    private static final int MAX_RECORD_BYTES = 2_000;

    /// Rows that are given: some of them lines, in whatever portions.
    private static final class Given implements Rows {
        private final List<ColumnValues> values =
                COLUMNS.stream().map(_ -> new ColumnValues(COLUMNS.size())).toList();
        private final List<ObjectNode> rows;
        private final Random random;
        private final JsonText line = new JsonText();
        private int next;

        Given(List<ObjectNode> rows, Random random) {
            this.rows = rows;
            this.random = random;
        }

        @Override
        public List<String> columns() {
            return COLUMNS;
        }

        @Override
        public int next() {
            if (next < rows.size() && rows.get(next).has("extra")) {
                line.clear();
                line.startValue();
                line.raw(rows.get(next++).toString().getBytes(UTF_8));
                return LINE;
            }
            values.forEach(ColumnValues::clear);
            var count = 0;
            while (count < 1 + random.nextInt(40)
                    && next < rows.size()
                    && !rows.get(next).has("extra")) {
                for (var i = 0; i < COLUMNS.size(); i++) {
                    write(rows.get(next).get(COLUMNS.get(i)), values.get(i).begin());
                    values.get(i).end();
                }
                next++;
                count++;
            }
            return count;
        }

        private static void write(JsonNode value, JsonText into) {
            if (value.isTextual()) {
                into.text(value.textValue());
            } else {
                into.raw(value.toString().getBytes(UTF_8));
            }
        }

        @Override
        public List<ColumnValues> values() {
            return values;
        }

        @Override
        public JsonText line() {
            return line;
        }

        @Override
        public String where() {
            return "row " + next;
        }

        @Override
        public void close() {}
    }

    @Property(tries = 2_000)
    void whatIsWrittenIsRead(@ForAll("rows") List<ObjectNode> rows, @ForAll Random random)
            throws JsonProcessingException {
        var split = new ByteArrayOutputStream();
        var offset = random.nextInt(3);
        split.write(new byte[offset], 0, offset);
        try (var conversion = new Conversion(Format.AVRO, new Given(rows, random))) {
            while (conversion.next(1 + random.nextInt(300), MAX_RECORD_BYTES)) {
                var bytes = new byte[conversion.length()];
                conversion.write(bytes, 0);
                split.writeBytes(bytes);
            }
            assertThat(conversion.records()).isEqualTo(rows.size());
        }
        var bytes = split.toByteArray();
        var records =
                RecordReader.open(
                        reading(),
                        bytes,
                        offset,
                        bytes.length - offset,
                        101,
                        MAX_RECORD_BYTES,
                        _ -> true);
        read(records, rows, random);
        assertThat(records.bytesRead()).isEqualTo(bytes.length - offset);
    }

    private static SourceReading reading() {
        return new SourceReading(
                Compression.NONE,
                Encoding.UTF_8,
                Format.AVRO,
                Dialect.LINES,
                0,
                HEADER,
                false,
                new Evidence(100, List.of()));
    }

    private static void read(Records records, List<ObjectNode> rows, Random random)
            throws JsonProcessingException {
        var block = new RecordBlock(HEADER.size());
        var record = new SourceRecord();
        var next = 0;
        while (true) {
            block.limit = 1 + random.nextInt(block.capacity());
            var together = random.nextBoolean() ? records.next(block) : 0;
            for (var i = 0; i < together; i++) {
                assertThat(block.firstRow).isEqualTo(101 + next);
                assertThat(row(block, i)).isEqualTo(shown(rows.get(next + i)));
            }
            if (together > 0 && random.nextBoolean()) {
                records.goBack();
                continue;
            }
            next += together;
            if (together == 0) {
                if (!records.next(record)) {
                    break;
                }
                assertThat(record.row).isEqualTo(101 + next);
                check(record, rows.get(next++));
            }
        }
        assertThat(next).isEqualTo(rows.size());
    }

    private static void check(SourceRecord record, ObjectNode row) throws JsonProcessingException {
        var raw = text(record.raw, record.rawStart, record.rawEnd);
        if (isTooLong(row)) {
            assertThat(record.malformed).contains("longer than");
            assertThat(raw)
                    .startsWith(row.has("extra") ? "{" : "[")
                    .hasSizeLessThanOrEqualTo(MAX_RECORD_BYTES + 2);
        } else if (row.has("extra")) {
            assertThat(record.malformed).contains("'extra'");
            assertThat(JSON.readTree(raw)).isEqualTo(row);
        } else {
            assertThat(record.malformed).isEmpty();
            assertThat(record.fields).isEqualTo(HEADER.size());
            assertThat(row(record)).isEqualTo(shown(row));
            assertThat(JSON.readTree(raw)).isEqualTo(row);
            assertThat(text(record.raw, record.rawEnd, record.rawNext)).isEqualTo("\n");
        }
    }

    private static boolean isTooLong(ObjectNode row) {
        if (row.has("extra")) {
            return row.toString().getBytes(UTF_8).length > MAX_RECORD_BYTES;
        }
        var length = 1 + COLUMNS.size();
        for (var column : COLUMNS) {
            var value = row.get(column);
            var text = new JsonText();
            Given.write(value, text);
            length += text.length();
        }
        return length > MAX_RECORD_BYTES;
    }

    /// A row as its fields read.
    private static List<String> shown(ObjectNode row) {
        var fields = new ArrayList<String>();
        for (var column : COLUMNS) {
            var value = row.get(column);
            fields.add(
                    value.isTextual()
                            ? "text " + value.textValue()
                            : value.isNull() ? "null" : "json " + value);
        }
        fields.add("null");
        return fields;
    }

    private static List<String> row(RecordBlock block, int record) {
        var fields = new ArrayList<String>();
        for (var field = 0; field < block.fields; field++) {
            var place = block.first(field) + record;
            var written = block.written(place);
            var plain = new byte[block.ends[place] - block.starts[place]];
            fields.add(
                    written == RecordBlock.ESCAPED
                            ? shown(written, text(plain, 0, block.unescape(place, plain)))
                            : shown(
                                    written,
                                    text(block.bytes, block.starts[place], block.ends[place])));
        }
        return fields;
    }

    private static List<String> row(SourceRecord record) {
        var fields = new ArrayList<String>();
        for (var field = 0; field < record.fields; field++) {
            fields.add(
                    shown(
                            record.quotes[field],
                            text(record.bytes, record.starts[field], record.ends[field])));
        }
        return fields;
    }

    private static String shown(byte written, String text) {
        return switch (written) {
            case RecordBlock.NULL -> "null";
            case RecordBlock.QUOTED, RecordBlock.ESCAPED -> "text " + text;
            default -> "json " + text;
        };
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, UTF_8);
    }

    @Provide
    Arbitrary<List<ObjectNode>> rows() {
        var json = JsonNodeFactory.instance;
        var text = Arbitraries.strings().withChars("ab,\"\\\n\té{}[]n0");
        Arbitrary<JsonNode> value =
                Arbitraries.frequencyOf(
                        Tuple.of(9, text.ofMaxLength(12).map(json::textNode)),
                        Tuple.of(6, Arbitraries.integers().map(json::numberNode)),
                        Tuple.of(3, Arbitraries.just(json.nullNode())),
                        Tuple.of(1, Arbitraries.just(json.booleanNode(true))),
                        Tuple.of(1, Arbitraries.just(json.arrayNode().add("]\"").add(1))),
                        Tuple.of(1, Arbitraries.just(json.objectNode().put("k", "\\"))),
                        Tuple.of(
                                1,
                                Arbitraries.integers()
                                        .between(200, 1_300)
                                        .map(length -> json.textNode("x".repeat(length)))));
        var row =
                value.list()
                        .ofSize(COLUMNS.size())
                        .map(values -> {
                            var object = json.objectNode();
                            for (var i = 0; i < values.size(); i++) {
                                object.set(COLUMNS.get(i), values.get(i));
                            }
                            return object;
                        });
        var wide = row.map(object -> object.deepCopy().put("extra", 1));
        // Some columns of one kind only, of which a block says it once.
        var even =
                row.list()
                        .ofMaxSize(60)
                        .map(rows -> {
                            for (var each : rows) {
                                each.set("a", rows.getFirst().get("a"));
                            }
                            return rows;
                        });
        return Arbitraries.oneOf(
                even,
                Arbitraries.frequencyOf(Tuple.of(12, row), Tuple.of(1, wide)).list().ofMaxSize(60));
    }

    @Test
    void whatIsNoBlockIsRefused() {
        assertThatThrownBy(() -> new RowBlock(new byte[] {'[', '1', ']', '\n'}, 0, 4).next())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_DAMAGED));
    }
}

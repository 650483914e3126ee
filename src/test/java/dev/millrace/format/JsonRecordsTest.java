package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.Parts;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRecordsTest {
    private static final ObjectMapper JACKSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final List<String> KEYS = List.of("a", "b", "é\"\\", "d");
    private static final SplitSizes SIZES = new SplitSizes(60, 60, 100);

    @Test
    void fieldsStandInTheOrderOfTheFirstKeysWhateverTheirOrder() {
        assertThat(
                        read(
                                """
                                {"a":1,"b":"x"}
                                {"b":"y","a":2,"c":true}
                                {}
                                {"a":null,"c":[1, {"d":"}"}]}
                                """))
                .containsExactly("1 [x] -", "2 [y] true", "- - -", "- - <[1, {\"d\":\"}\"}]>");
    }

    @Test
    void escapesAreRead() {
        assertThat(
                        read(
                                "{\"a\":\"q\\\" b\\\\ s\\/ \\b\\f\\n\\r\\t \\u00e9 \\u9f8d \\ud83d\\ude00\"}\n"))
                .containsExactly("[q\" b\\ s/ \b\f\n\r\t é 龍 😀]");
        assertThat(read("{\"\\u0061\":1}\n{\"a\":2}\n")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1}}",
                "{\"a\":1} 2",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":tru}",
                "{'a':1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":\"x}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\ud83d\"}",
                "{\"a\":\"\\ude00\"}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":{\"b\"}}",
                "{\"a\":\"\t\"}",
                "{\"a\":NaN}",
                " ",
                "null"
            })
    void aLineThatIsNoObjectIsMalformedAndItsNeighboursAreRead(String line) {
        assertThat(read("{\"a\":1}\n" + line + "\n{\"a\":3}\n"))
                .hasSize(3)
                .startsWith("1")
                .endsWith("3")
                .satisfies(rows -> assertThat(rows.get(1)).startsWith("!"));
    }

    @Test
    void whatIsDeepInEachOtherIsBoundedWithoutAnOverflow() {
        var deep = "[".repeat(1_000_000);
        assertThat(read("{\"a\":1}\n{\"a\":%s}\n{\"a\":3}\n".formatted(deep)))
                .hasSize(3)
                .satisfies(rows -> assertThat(rows.get(1)).contains("1,024 deep"));
        var whole = "[".repeat(1000) + "]".repeat(1000);
        assertThat(read("{\"a\":" + whole + "}\n")).containsExactly("<" + whole + ">");
    }

    @Property(tries = 2000)
    void jacksonReadsTheSame(@ForAll("objects") List<ObjectNode> objects, @ForAll long seed)
            throws JsonProcessingException {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var object : objects) {
            text.append(written(object, random)).append(random.nextBoolean() ? "\r\n" : "\n");
        }
        var seen = read(text.toString(), random);
        var expected = objects.stream().map(JsonRecordsTest::shown).toList();
        assertThat(seen).isEqualTo(expected);
    }

    /// A line to which anything has happened is read as Jackson reads it, or malformed.
    @Property(tries = 3000)
    void whatJacksonRefusesIsMalformed(
            @ForAll("objects") List<ObjectNode> objects, @ForAll long seed) {
        var random = new Random(seed);
        var object = objects.getFirst();
        var bytes = object.toString().getBytes(StandardCharsets.UTF_8);
        var signs = "{}[]\",:\\0truenl1-+.eE \tux".getBytes(StandardCharsets.US_ASCII);
        for (var i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] = signs[random.nextInt(signs.length)];
        }
        var line = new String(bytes, StandardCharsets.UTF_8);
        if (line.indexOf('\uFFFD') >= 0) {
            return;
        }
        JsonNode node;
        try {
            node = JACKSON.readTree(line);
        } catch (JsonProcessingException e) {
            if (isForeignKeyTwice(e)) {
                return;
            }
            node = JACKSON.nullNode();
        }
        var seen = read(line + "\n", random);
        if (node instanceof ObjectNode read && !halfPair(read.toString())) {
            assertThat(seen).containsExactly(shown(read));
        } else {
            assertThat(seen).hasSize(1);
            assertThat(seen.getFirst()).startsWith("!");
        }
    }

    /// Whether a key is there twice that the header does not have, which nobody looks at.
    private static boolean isForeignKeyTwice(JsonProcessingException e) {
        var said = e.getOriginalMessage();
        return said.startsWith("Duplicate field")
                && KEYS.stream().noneMatch(key -> said.contains("'" + key + "'"));
    }

    private static boolean halfPair(String text) {
        return text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    /// The same object with blanks and escapes that change nothing.
    private static String written(ObjectNode object, Random random) {
        return object.properties().stream()
                .map(e ->
                        blanks(random)
                                + quoted(e.getKey(), random)
                                + blanks(random)
                                + ":"
                                + blanks(random)
                                + (e.getValue().isTextual()
                                        ? quoted(e.getValue().asText(), random)
                                        : e.getValue().toString())
                                + blanks(random))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String blanks(Random random) {
        return random.nextInt(4) == 0 ? " \t" : "";
    }

    private static String quoted(String text, Random random) {
        var quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    var one = Character.toString(c);
                    if (c < ' ' || c == '"' || c == '\\' || random.nextInt(8) == 0) {
                        one.chars().forEach(unit -> quoted.append("\\u%04x".formatted(unit)));
                    } else {
                        quoted.append(one);
                    }
                });
        return quoted.append('"').toString();
    }

    private static String shown(ObjectNode object) {
        return KEYS.stream().map(key -> shown(object.get(key))).collect(Collectors.joining(" "));
    }

    private static String shown(JsonNode value) {
        if (value == null || value.isNull()) {
            return "-";
        }
        return value.isTextual()
                ? "[" + value.asText() + "]"
                : value.isContainerNode() ? "<>" : value.isNumber() ? "number" : value.toString();
    }

    @Provide
    Arbitrary<List<ObjectNode>> objects() {
        var nodes = JsonNodeFactory.instance;
        var value =
                Arbitraries.oneOf(
                        Arbitraries.integers().map(i -> (JsonNode) nodes.numberNode(i)),
                        Arbitraries.doubles().map(d -> (JsonNode) nodes.numberNode(d)),
                        Arbitraries.of("", "x", "é龍😀", "\"\\\n", "long ".repeat(9))
                                .map(t -> (JsonNode) nodes.textNode(t)),
                        Arbitraries.of(
                                nodes.booleanNode(true),
                                nodes.nullNode(),
                                nodes.arrayNode().add(1).add(nodes.objectNode().put("a", "]")),
                                nodes.objectNode()));
        return Arbitraries.maps(Arbitraries.of("a", "b", "é\"\\", "d", "other", "A"), value)
                .ofMaxSize(5)
                .map(all -> {
                    var object = nodes.objectNode();
                    all.forEach(object::set);
                    return object;
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Test
    void anArrayOfObjectsIsReadAsLines() {
        var array = "[\n  {\"a\": 1,\n   \"b\": \"x, ] }\"},\n  {\"a\": 2}\n]\n";
        assertThat(read(array)).containsExactly("1 [x, ] }]", "2 -");
        assertThat(read("{\"a\":\n1}\n{\"a\":\n2}")).containsExactly("1", "2");
        assertThat(read("[{\"a\":1},7,{\"a\":3}]"))
                .hasSize(3)
                .satisfies(rows -> assertThat(rows.get(1)).startsWith("!"));
        assertThat(read("[{\"a\":1},{\"a\":\"x\ny\"}]").get(1)).startsWith("!");
    }

    @Property(tries = 500)
    void anArrayHoldsTheSameRecordsAsLines(@ForAll("objects") List<ObjectNode> objects) {
        var lines = objects.stream().map(o -> o + "\n").collect(Collectors.joining());
        var array =
                objects.stream()
                        .map(ObjectNode::toString)
                        .collect(Collectors.joining(" ,\n\t", " [ ", "\n]"));
        if (lines.startsWith("{}")) {
            return;
        }
        assertThat(read(array)).isEqualTo(read(lines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"a\":1}", "[{\"a\":1},{\"a\":", "[{\"a\":1}] x", "{\"a\":\n1"})
    void jsonThatIsNotWholeIsDamaged(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_DAMAGED));
    }

    private static List<String> read(String text) {
        var rows = new ArrayList<String>();
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        var asked = SourceOptions.DETECT;
        try (var decoder = SourceDecoder.open(in, asked, Parts::next)) {
            var cutter = RecordCutter.open(decoder, asked, 1 << 24, SIZES);
            var reading = cutter.reading();
            assertThat(reading.format()).isNotEqualTo(Format.CSV);
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var before = rows.size();
                readAlone(reading, cut, rows);
                assertThat(rows.size() - before).isEqualTo(cut.records());
            }
        }
        return rows;
    }

    private static void readAlone(SourceReading reading, Cut cut, List<String> rows) {
        var records = RecordReader.open(reading, cut, 1 << 24);
        var record = new SourceRecord();
        while (records.next(record)) {
            rows.add(
                    record.malformed.isEmpty()
                            ? IntStream.range(0, record.fields)
                                    .mapToObj(i -> shown(record, i, true))
                                    .collect(Collectors.joining(" "))
                            : "! " + record.malformed);
        }
        assertThat(records.bytesRead()).isEqualTo(cut.length());
    }

    private static JsonRecords open(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonRecords(bytes, 0, bytes.length, KEYS, 1, 1 << 20, _ -> false);
    }

    /// Reads in blocks and one by one, and shows numbers and nested values without their text.
    private static List<String> read(String text, Random random) {
        var records = open(text);
        var block = new RecordBlock(KEYS.size());
        var record = new SourceRecord();
        var rows = new ArrayList<String>();
        while (true) {
            block.limit = 1 + random.nextInt(4);
            var together = random.nextBoolean() ? records.next(block) : 0;
            for (var i = 0; i < together; i++) {
                rows.add(shown(block, i));
            }
            if (together == 0) {
                if (!records.next(record)) {
                    return rows;
                }
                rows.add(
                        record.malformed.isEmpty()
                                ? IntStream.range(0, record.fields)
                                        .mapToObj(i -> shown(record, i, false))
                                        .collect(Collectors.joining(" "))
                                : "! " + record.malformed);
            }
        }
    }

    private static String shown(RecordBlock block, int record) {
        return IntStream.range(0, block.fields)
                .mapToObj(field -> {
                    var place = block.first(field) + record;
                    var start = block.starts[place];
                    var end = block.ends[place];
                    if (block.written(place) != RecordBlock.ESCAPED) {
                        return shown(block.written(place), text(block.bytes, start, end), false);
                    }
                    var plain = new byte[end - start];
                    var length = block.unescape(place, plain);
                    return shown(RecordBlock.ESCAPED, text(plain, 0, length), false);
                })
                .collect(Collectors.joining(" "));
    }

    private static String shown(SourceRecord record, int field, boolean whole) {
        return shown(
                record.quotes[field],
                text(record.bytes, record.starts[field], record.ends[field]),
                whole);
    }

    private static String shown(byte written, String text, boolean whole) {
        return switch (written) {
            case RecordBlock.NULL -> "-";
            case RecordBlock.NESTED -> whole ? "<" + text + ">" : "<>";
            case RecordBlock.UNQUOTED ->
                    whole || text.equals("true") || text.equals("false") ? text : "number";
            default -> "[" + text + "]";
        };
    }

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}

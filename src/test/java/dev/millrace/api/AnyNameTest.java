package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/// Tables whose names, columns and values hold whatever may break out of SQL are joined and
/// previewed as what they are. Read through the connection whose user could do harm.
class AnyNameTest {
    /// Started by the first who asks.
    private static final class Shared {
        static final ExploredServer SERVER = new ExploredServer();
    }

    @AfterContainer
    static void stop() {
        Shared.SERVER.close();
    }

    private static String identifier(String name) {
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void anyTableIsJoinedByAnyName(
            @ForAll("names") String left,
            @ForAll("names") String right,
            @ForAll("distinct") List<String> columns,
            @ForAll("values") String value,
            @ForAll("names") String alias,
            @ForAll("kinds") String kind)
            throws Exception {
        var first = "an_1" + left;
        var second = "an_2" + right;
        try {
            make(first, columns, value);
            make(second, columns, value);
            var key = columns.getFirst();
            var wish = Json.object();
            wish.putArray("tables")
                    .add(Json.object().put("table", first))
                    .add(Json.object().put("table", second).put("alias", alias));
            wish.putArray("joins")
                    .addObject()
                    .put("kind", kind)
                    .putArray("conditions")
                    .add(condition(ref(first, key), ref(alias, key)));
            var filter = ref(alias, key).put("operator", "=").put("value", value);
            wish.putArray("filters").add(filter);
            wish.putArray("orderBy").add(ref(first, columns.getLast()).put("descending", true));

            var body = Json.object();
            body.set("join", wish);
            var preview = Shared.SERVER.post("/writer/preview", body.toString());
            assertThat(preview.path("rows").size()).as(preview.path("sql").asText()).isEqualTo(1);
            preview.path("rows").get(0).forEach(cell -> assertThat(cell.asText()).isEqualTo(value));
            assertThat(preview.path("columns").size()).isEqualTo(columns.size() * 2);

            var named = Json.object();
            var one = named.putObject("join");
            one.putArray("tables").add(Json.object().put("table", first));
            one.putArray("columns").add(Json.object().put("column", key).put("as", alias));
            one.putArray("filters").add(Json.object().put("column", key).put("value", value));
            var renamed = Shared.SERVER.post("/writer/preview", named.toString());
            assertThat(renamed.path("columns").get(0).path("name").asText()).isEqualTo(alias);
            assertThat(renamed.path("rows").get(0).get(0).asText()).isEqualTo(value);

            var alone = Json.object();
            alone.putObject("table")
                    .put("database", "millrace")
                    .put("table", first)
                    .putArray("columns")
                    .add(columns.getLast());
            var table = Shared.SERVER.post("/writer/preview", alone.toString());
            assertThat(table.path("columns").get(0).path("name").asText())
                    .isEqualTo(columns.getLast());
            assertThat(table.path("rows").size()).isEqualTo(2);
            var listed =
                    Shared.SERVER.get(
                            "/writer/columns?table="
                                    + URLEncoder.encode(second, StandardCharsets.UTF_8));
            assertThat(listed.path("items").valueStream().map(each -> each.path("name").asText()))
                    .isEqualTo(columns);
        } finally {
            Shared.SERVER.run("DROP TABLE IF EXISTS " + identifier(first));
            Shared.SERVER.run("DROP TABLE IF EXISTS " + identifier(second));
        }
    }

    private static ObjectNode ref(String table, String column) {
        return Json.object().put("table", table).put("column", column);
    }

    private static ObjectNode condition(ObjectNode left, ObjectNode right) {
        var condition = Json.object().put("operator", "=");
        condition.set("left", left);
        condition.set("right", right);
        return condition;
    }

    /// A row of the value, and one of another.
    private static void make(String table, List<String> columns, String value) throws Exception {
        Shared.SERVER.run(
                "CREATE TABLE %s (%s) ENGINE = Memory"
                        .formatted(
                                identifier(table),
                                columns.stream()
                                        .map(each -> identifier(each) + " String")
                                        .collect(Collectors.joining(", "))));
        for (var each : List.of(literal(value), literal(value + "x"))) {
            Shared.SERVER.run(
                    "INSERT INTO %s VALUES (%s)"
                            .formatted(
                                    identifier(table),
                                    columns.stream()
                                            .map(_ -> each)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private static Arbitrary<String> nasty() {
        var pieces =
                Arbitraries.of(
                        "`",
                        "'",
                        "\"",
                        "\\",
                        "\n",
                        "\t",
                        "\r",
                        " ",
                        ".",
                        ",",
                        ";",
                        "--",
                        "/*",
                        "*/",
                        "#",
                        "(",
                        ")",
                        "{a:UInt8}",
                        "%",
                        "$",
                        "é",
                        "ß",
                        "日本",
                        "😀",
                        "\u202e",
                        "' OR 1=1 --",
                        "`; DROP TABLE x; --",
                        "\\'",
                        "\\`",
                        "a",
                        "b",
                        "o",
                        "id",
                        "SELECT",
                        "NULL",
                        "FORMAT CSV",
                        "\\x27",
                        "\u0001");
        return pieces.list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("", list));
    }

    /// Names of tables are names of files too: shorter than those may be.
    @Provide
    Arbitrary<String> names() {
        return nasty().filter(name -> name.length() < 30);
    }

    @Provide
    Arbitrary<List<String>> distinct() {
        return Arbitraries.oneOf(nasty(), Arbitraries.of("o", "id", "an_1o", "o.id", "an_1o.id"))
                .list()
                .uniqueElements()
                .ofMinSize(2)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(nasty(), Arbitraries.strings().ofMaxLength(20))
                .filter(text ->
                        text.chars()
                                .noneMatch(c ->
                                        c == 0
                                                || Character.isSurrogate((char) c)
                                                || c == 0xFFFF
                                                || c == 0xFFFE));
    }

    @Provide
    Arbitrary<String> kinds() {
        return Arbitraries.of("INNER", "LEFT", "RIGHT", "FULL");
    }
}

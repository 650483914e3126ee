package dev.millrace.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of `docs/models.md` is loaded as it stands there, and gives what it says.
class ModelPageTest {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder;

    @Test
    void theExampleGivesWhatThePageSays() throws Exception {
        var page = Files.readString(Path.of("docs", "models.md"));
        var blocks =
                BLOCK.matcher(page)
                        .results()
                        .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
        try (var site = new Site(folder)) {
            var server = site.serve(Map.of());
            site.work("one", Map.of());
            var api = server.api();
            var table = api.createModel("page", block(blocks, "json"));
            var id = api.createJob("page", "");
            api.upload(id, block(blocks, "csv").getBytes(UTF_8));
            var job = api.awaitFinal(id);

            assertThat(job.get("state").asText()).isEqualTo("PARTIAL_SUCCESS");
            assertThat(api.sql("SELECT * FROM " + table + " ORDER BY event_id"))
                    .containsExactlyElementsOf(block(blocks, "rows").lines().toList());
            assertThat(api.text("/api/v1/jobs/%s/rejections".formatted(id)).lines().skip(1))
                    .singleElement()
                    .asString()
                    .startsWith(block(blocks, "rejected").strip() + ",");
            var source = job.get("source");
            var said = block(blocks, "said");
            for (var renamed : source.get("renamedColumns")) {
                assertThat(said)
                        .contains(
                                "'%s' is read as '%s'"
                                        .formatted(
                                                renamed.get("header").asText(),
                                                renamed.get("column").asText()));
            }
            assertThat(source.get("renamedColumns")).hasSize(3);
            assertThat(source.get("absentColumns").toString())
                    .isEqualTo("[{\"column\":\"channel\",\"default\":\"web\"}]");
            assertThat(source.get("ignoredColumns").toString()).isEqualTo("[\"note\"]");
        }
    }

    private static String block(Map<String, String> blocks, String kind) {
        assertThat(blocks).containsKey(kind);
        return blocks.getOrDefault(kind, "");
    }
}

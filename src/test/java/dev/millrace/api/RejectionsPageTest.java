package dev.millrace.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.Parts;
import dev.millrace.core.Encoding;
import dev.millrace.core.Format;
import dev.millrace.core.Model;
import dev.millrace.core.ModelId;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import dev.millrace.validate.Validator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/rejections.md` names every code and shows what Millrace really says.
///
/// `./millrace dev docs` writes its answers anew.
class RejectionsPageTest {
    private static final Path PAGE = Path.of("docs/rejections.md");
    private static final Pattern SECTION = Pattern.compile("^### (\\S+)$", Pattern.MULTILINE);
    private static final Pattern EXAMPLE =
            Pattern.compile(
                    "```json\\n(.*?)```\\n```(csv|jsonl)\\n(.*?)```\\n```text\\n(.*?)```",
                    Pattern.DOTALL);
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9A-F]{2})");
    private static final int LIMIT = 1 << 20;

    @Test
    void everyCodeHasASection() throws IOException {
        assertThat(SECTION.matcher(Files.readString(PAGE)).results().map(r -> r.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(RejectionCode.values()).map(RejectionCode::name).toList());
    }

    @Test
    void everyExampleIsWhatMillraceSays() throws IOException {
        var page = Files.readString(PAGE);
        var wanted = EXAMPLE.matcher(page).replaceAll(RejectionsPageTest::answered);
        if (Boolean.getBoolean("millrace.docs")) {
            Files.writeString(PAGE, wanted);
            page = wanted;
        }
        assertThat(page).isEqualTo(wanted);
        var sections = page.split("(?m)^### ", -1);
        for (var i = 1; i < sections.length; i++) {
            var code = sections[i].substring(0, sections[i].indexOf('\n'));
            assertThat(sections[i]).as(code).contains("," + code + ",");
        }
    }

    private static String answered(MatchResult example) {
        var format = Format.parse(example.group(2));
        var answer = rejections(example.group(1), format, example.group(3));
        return Matcher.quoteReplacement(
                "```json\n%s```\n```%s\n%s```\n```text\n%s```"
                        .formatted(example.group(1), format.label(), example.group(3), answer));
    }

    private static String rejections(String schema, Format format, String file) {
        try {
            var definition = ModelSchema.parse(new ObjectMapper().readTree(schema));
            var model =
                    new Model(
                            new ModelId(UUID.randomUUID()),
                            "m",
                            1,
                            definition,
                            "me",
                            "default",
                            Instant.EPOCH);
            var out = new ByteArrayOutputStream();
            var options =
                    format.isDelimited()
                            ? new SourceOptions(Encoding.UTF_8, ',', '"')
                            : new SourceOptions(Encoding.UTF_8, null, null).in(format);
            try (var stream = new RejectionStream.Csv(out, false, List.of());
                    var decoder =
                            SourceDecoder.open(
                                    new ByteArrayInputStream(bytes(file)), options, Parts::next)) {
                var cutter =
                        Cutter.open(decoder, options, LIMIT, new SplitSizes(LIMIT, LIMIT, LIMIT));
                var cut = Objects.requireNonNull(cutter.next());
                var header = cutter.reading().header();
                var records = RecordReader.open(cutter.reading(), cut, LIMIT);
                new Validator(model, 0, header)
                        .validate(records, 1, cut.length(), 100)
                        .rejections()
                        .forEach(stream::write);
            }
            var lines = out.toString(UTF_8).replace("\r\n", "\n");
            return lines.substring(lines.indexOf('\n') + 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The file's bytes, `\xE9` being one that is no UTF-8.
    private static byte[] bytes(String file) {
        var latin = new String(file.getBytes(UTF_8), ISO_8859_1);
        return BYTE.matcher(latin)
                .replaceAll(b ->
                        Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(b.group(1), 16))))
                .getBytes(ISO_8859_1);
    }
}

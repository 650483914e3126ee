package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewSource;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The list of sources in a job's description. What the description itself says of sources holds
/// for each that does not say otherwise.
final class DeclaredSources {
    static final String KEY = "sources";

    private static final Pattern BYTES = Pattern.compile("\\d{1,18}");

    private DeclaredSources() {}

    /// @throws MillraceException INVALID_REQUEST for a list that is not as described
    static List<NewSource> of(JsonObject body) {
        if (body.has("sourceName")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A job with a list of sources has no 'sourceName'",
                    "Each source in the list has its 'name'.",
                    null);
        }
        return body.objects(KEY).stream().map(source -> source(source, body)).toList();
    }

    private static NewSource source(JsonObject source, JsonObject body) {
        source.withOnly(
                Stream.concat(Stream.of("name", "bytes"), Arrays.stream(SourceParameters.OF_SOURCE))
                        .toArray(String[]::new));
        var own = JobRoutes.parameters(source);
        var shared = JobRoutes.parameters(body);
        var options =
                new SourceParameters(
                                key -> {
                                    var text = own.given().apply(key);
                                    return text == null ? shared.given().apply(key) : text;
                                })
                        .options();
        return new NewSource(
                SourceParameters.name(source.requiredText("name")), options, bytes(source));
    }

    private static long bytes(JsonObject source) {
        var text = source.spelled("bytes");
        if (text == null) {
            return -1;
        }
        if (!BYTES.matcher(text).matches()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'bytes' is no number of bytes: '%s'".formatted(text),
                    "Say how long the source is as it will be sent, or leave it out.",
                    null);
        }
        return Long.parseLong(text);
    }
}

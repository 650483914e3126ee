package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/// Takes the first rows of a query. The server is told to stop at the bounds and to answer with
/// what it has by then; where its user's profile lets nothing be set, the query is wrapped in one
/// with a LIMIT, and a time is kept here. For one thread.
final class RemoteSample {
    private static final String FORMAT = "JSONCompactEachRowWithNamesAndTypes";

    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":\\s*\"(\\d+)\"");

    /// ClickHouse's codes for a setting that may not be set, or not to this value.
    private static final Pattern SETTING_REFUSED =
            Pattern.compile("\\(ClickHouse code (452|164|115)\\)$");

    private final RemoteDatabase database;
    private final String query;
    private final Sample.Bounds bounds;

    RemoteSample(RemoteDatabase database, String query, Sample.Bounds bounds) {
        this.database = database;
        this.query = query;
        this.bounds = bounds;
    }

    Sample take() {
        var limits = limits();
        var settings = database.readOnly(limits);
        if (!settings.containsKey("limit")) {
            return ask(wrapped(), settings, false);
        }
        try {
            return ask(query, settings, true);
        } catch (MillraceException e) {
            if (isOfOurs(e, limits)) {
                return ask(wrapped(), database.readOnly(Map.of()), false);
            }
            throw e;
        }
    }

    /// Whether what was refused is one of our limits, and not what the query says itself.
    private static boolean isOfOurs(MillraceException e, Map<String, String> limits) {
        return e.code() == ErrorCode.QUERY_REFUSED
                && SETTING_REFUSED.matcher(e.what()).find()
                && limits.keySet().stream().anyMatch(name -> names(e.what(), name));
    }

    private static boolean names(String text, String setting) {
        return Pattern.compile("\\b" + setting + "\\b").matcher(text).find();
    }

    private String wrapped() {
        return "SELECT * FROM (\n%s\n) LIMIT %d"
                .formatted(RemoteSchema.trimmed(query), bounds.rows() + 1);
    }

    private Map<String, String> limits() {
        var limits = new LinkedHashMap<String, String>();
        limits.put("limit", Integer.toString(bounds.rows() + 1));
        limits.put("max_rows_to_read", Long.toString(bounds.rowsRead()));
        limits.put("max_bytes_to_read", Long.toString(bounds.bytesRead()));
        limits.put("read_overflow_mode", "break");
        limits.put("max_result_bytes", Integer.toString(bounds.answerBytes()));
        limits.put("result_overflow_mode", "break");
        limits.put("max_execution_time", Long.toString(bounds.time().toSeconds()));
        limits.put("timeout_overflow_mode", "break");
        limits.put("output_format_json_quote_64bit_integers", "1");
        limits.put("output_format_json_quote_decimals", "1");
        limits.put("output_format_json_quote_denormals", "1");
        // keys of any type, and as often as they come
        limits.put("output_format_json_map_as_array_of_tuples", "1");
        // or each of those would be an object
        limits.put("output_format_json_named_tuples_as_objects", "0");
        return limits;
    }

    private Sample ask(String sql, Map<String, String> settings, boolean bounded) {
        // no setting but a parameter of the interface: the summary in the head is the last one then
        var parameters = new LinkedHashMap<>(settings);
        parameters.put("wait_end_of_query", "1");
        return database.asking(queryId -> {
            try (var response = database.send(queryId, sql, FORMAT, parameters)) {
                requireFormat(response);
                return sample(response, bounded);
            } catch (IOException e) {
                throw database.broken(e);
            }
        });
    }

    private static void requireFormat(ClassicHttpResponse response) {
        var format = RemoteAnswer.header(response, "X-ClickHouse-Format");
        if (format != null && !format.equals(FORMAT)) {
            throw new MillraceException(
                    ErrorCode.QUERY_REFUSED,
                    "The query says FORMAT %s, and a preview has its own".formatted(format),
                    "Leave FORMAT out.",
                    null);
        }
    }

    private Sample sample(ClassicHttpResponse response, boolean bounded) throws IOException {
        var bytes = RemoteAnswer.of(response).in().readNBytes(bounds.answerBytes() * 2);
        var whole = bytes.length < bounds.answerBytes() * 2;
        var text = new String(bytes, StandardCharsets.UTF_8);
        // a line ends within no value: JSON escapes it
        var lines = new ArrayList<>(List.of(text.split("\n", -1)));
        lines.removeLast(); // empty, or cut
        if (lines.size() < 2) {
            // stopped before there was a row
            lines = new ArrayList<>(List.of("[]", "[]"));
        }
        var rows = lines.subList(2, lines.size());
        var more = rows.size() > bounds.rows();
        var summary = summary(RemoteAnswer.header(response, "X-ClickHouse-Summary"));
        return new Sample(
                lines.get(0),
                lines.get(1),
                List.copyOf(more ? rows.subList(0, bounds.rows()) : rows),
                more,
                bounded || !whole ? cut(summary, whole, more) : null,
                bounded,
                summary.getOrDefault("read_rows", 0L));
    }

    private Sample.@Nullable Cut cut(Map<String, Long> summary, boolean whole, boolean more) {
        if (!whole || (!more && over(summary, "result_bytes", bounds.answerBytes()))) {
            return Sample.Cut.SIZE_LIMIT;
        }
        if (over(summary, "read_rows", bounds.rowsRead())
                || over(summary, "read_bytes", bounds.bytesRead())) {
            return Sample.Cut.READ_LIMIT;
        }
        return over(summary, "elapsed_ns", bounds.time().toNanos()) ? Sample.Cut.TIME_LIMIT : null;
    }

    private static boolean over(Map<String, Long> summary, String key, long limit) {
        return Objects.requireNonNullElse(summary.get(key), 0L) >= limit;
    }

    private static Map<String, Long> summary(@Nullable String header) {
        var numbers = new LinkedHashMap<String, Long>();
        NUMBER.matcher(header == null ? "" : header)
                .results()
                .forEach(found ->
                        numbers.put(found.group(1), Long.parseUnsignedLong(found.group(2))));
        return numbers;
    }
}

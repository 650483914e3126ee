package dev.millrace.export;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.ExportFormat;
import dev.millrace.core.ExportWishes;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ResultColumn;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What ClickHouse is asked for a file: the user's query with a SELECT around it that gives values
/// as the format holds them, and settings that leave nothing to how the server is set up. That the
/// query stands in parentheses also means that it cannot choose another format, or write elsewhere.
///
/// @param columns at least one
/// @param isNative whether ClickHouse gives values as it has them, and Millrace writes the text
record FileQuery(List<FileColumn> columns, ExportWishes wishes, boolean isNative) {
    private static final String SOURCE = "_millrace_export";
    private static final Pattern ENDS = Pattern.compile("[\\s;]+$");
    private static final Pattern AVRO_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /// Where a limit would cut the answer, the query is to fail.
    private static final Map<String, String> WHOLE =
            Map.ofEntries(
                    Map.entry("max_result_rows", "0"),
                    Map.entry("max_result_bytes", "0"),
                    Map.entry("limit", "0"),
                    Map.entry("offset", "0"),
                    Map.entry("extremes", "0"),
                    Map.entry("use_query_cache", "0"),
                    Map.entry("skip_unavailable_shards", "0"),
                    Map.entry("result_overflow_mode", "throw"),
                    Map.entry("read_overflow_mode", "throw"),
                    Map.entry("read_overflow_mode_leaf", "throw"),
                    Map.entry("timeout_overflow_mode", "throw"),
                    Map.entry("timeout_overflow_mode_leaf", "throw"),
                    Map.entry("group_by_overflow_mode", "throw"),
                    Map.entry("sort_overflow_mode", "throw"),
                    Map.entry("distinct_overflow_mode", "throw"),
                    Map.entry("set_overflow_mode", "throw"),
                    Map.entry("join_overflow_mode", "throw"),
                    Map.entry("transfer_overflow_mode", "throw"),
                    Map.entry("wait_end_of_query", "0"),
                    Map.entry("enable_http_compression", "0"),
                    Map.entry("http_write_exception_in_output_format", "0"));

    private static final Map<String, String> TEXT =
            Map.ofEntries(
                    Map.entry("date_time_output_format", "iso"),
                    Map.entry("bool_true_representation", "true"),
                    Map.entry("bool_false_representation", "false"),
                    Map.entry("output_format_decimal_trailing_zeros", "0"),
                    Map.entry("output_format_csv_crlf_end_of_line", "0"),
                    Map.entry("format_csv_null_representation", "\\N"),
                    Map.entry("format_tsv_null_representation", "\\N"),
                    Map.entry("output_format_tsv_crlf_end_of_line", "0"),
                    Map.entry("output_format_json_quote_64bit_integers", "0"),
                    Map.entry("output_format_json_quote_64bit_floats", "0"),
                    Map.entry("output_format_json_quote_decimals", "0"),
                    Map.entry("output_format_json_quote_denormals", "1"),
                    Map.entry("output_format_json_escape_forward_slashes", "0"),
                    Map.entry("output_format_json_skip_null_value_in_named_tuples", "0"),
                    Map.entry("output_format_json_array_of_rows", "0"),
                    Map.entry("output_format_json_validate_utf8", "0"));

    private static final Map<String, String> BINARY =
            Map.ofEntries(
                    Map.entry("output_format_parquet_string_as_string", "1"),
                    // half of what a file costs, for readers that look for single values in it
                    Map.entry("output_format_parquet_write_bloom_filter", "0"),
                    Map.entry("output_format_avro_string_column_pattern", ".*"),
                    Map.entry("output_format_avro_rows_in_file", "1"));

    FileQuery {
        columns = List.copyOf(columns);
    }

    /// @throws MillraceException EXPORT_UNSUPPORTED when the format cannot hold the columns
    static FileQuery of(List<ResultColumn> result, ExportWishes wishes) {
        var names = new HashSet<String>();
        for (var column : result) {
            if (!names.add(column.name())) {
                throw new MillraceException(
                        ErrorCode.EXPORT_UNSUPPORTED,
                        "The query has two columns '%s'".formatted(column.name()),
                        "Give them names of their own with AS.",
                        null);
            }
            if (wishes.format() == ExportFormat.AVRO
                    && !AVRO_NAME.matcher(column.name()).matches()) {
                throw new MillraceException(
                        ErrorCode.EXPORT_UNSUPPORTED,
                        "'%s' is no name that Avro allows a column".formatted(column.name()),
                        "Give it one of letters, digits and _ with AS, or choose another format.",
                        null);
            }
        }
        return new FileQuery(
                result.stream()
                        .map(c -> FileColumn.of(c, wishes.format(), wishes.guardFormulas()))
                        .toList(),
                wishes,
                false);
    }

    /// The same of a file whose text Millrace writes itself where it can, since that costs less
    /// than ClickHouse's writing: CSV of values that are not arrays.
    FileQuery rendered() {
        var own =
                switch (wishes.format()) {
                    case CSV, TSV -> columns.stream().allMatch(FileColumn::isScalar);
                    case JSONL, PARQUET, AVRO, XLSX -> false;
                };
        return new FileQuery(columns, wishes, own);
    }

    char delimiter() {
        return wishes.format() == ExportFormat.TSV ? '\t' : ',';
    }

    /// A query as it can stand in parentheses.
    static String bare(String query) {
        return ENDS.matcher(query).replaceFirst("");
    }

    String sql() {
        return "SELECT %s\nFROM (\n%s\n) AS %s"
                .formatted(
                        columns.stream()
                                .map(c -> c.selected(SOURCE, isNative))
                                .collect(Collectors.joining(",\n  ")),
                        bare(wishes.query()),
                        SOURCE);
    }

    /// As ClickHouse names it.
    String format() {
        if (isNative) {
            return "Native";
        }
        return switch (wishes.format()) {
            case CSV, TSV -> "CSVWithNames";
            case JSONL -> "JSONEachRow";
            case PARQUET -> "Parquet";
            case AVRO -> "Avro";
            case XLSX -> "TabSeparated";
        };
    }

    Map<String, String> settings() {
        var settings = new LinkedHashMap<>(WHOLE);
        switch (wishes.format()) {
            case CSV, TSV, JSONL, XLSX -> {
                settings.putAll(TEXT);
                settings.put("format_csv_delimiter", String.valueOf(delimiter()));
            }
            case PARQUET, AVRO -> settings.putAll(BINARY);
        }
        return settings;
    }
}

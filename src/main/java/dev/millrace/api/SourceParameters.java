package dev.millrace.api;

import static java.util.Objects.requireNonNullElse;

import dev.millrace.core.Dialect;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Escape;
import dev.millrace.core.Format;
import dev.millrace.core.IfLoaded;
import dev.millrace.core.LoadMode;
import dev.millrace.core.MaxRejected;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewSource;
import dev.millrace.core.SourceOptions;
import dev.millrace.jobs.Jobs;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a caller says of a job and its source, in the query or in a JSON body alike.
///
/// @param given the text of a parameter, or null when it is absent
record SourceParameters(Function<String, @Nullable String> given) {
    /// What may be said of a source alone.
    static final String[] OF_SOURCE = {
        "format",
        "encoding",
        "delimiter",
        "quote",
        "escape",
        "comment",
        "trailingDelimiter",
        "skip",
        "sheet",
        "columns"
    };

    private static final String DEFAULT_NAME = "upload";
    private static final String MODELS_COLUMNS = "*";

    /// The names of what may be said of a source, and others.
    static String[] and(String... others) {
        return Stream.concat(Arrays.stream(others), Arrays.stream(OF_SOURCE))
                .toArray(String[]::new);
    }

    /// @param nameKey what the source's name is called here
    /// @param request names the request, when it may be repeated, or null
    /// @throws MillraceException INVALID_REQUEST naming the parameter that is wrong
    Jobs.Request request(String nameKey, String owner, @Nullable UUID request) {
        var source = new NewSource(name(given.apply(nameKey)), options());
        return request(List.of(source), owner, request);
    }

    /// A job of these sources.
    ///
    /// @throws MillraceException INVALID_REQUEST naming the parameter that is wrong
    Jobs.Request request(List<NewSource> sources, String owner, @Nullable UUID request) {
        var model = given.apply("model");
        if (model == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'model' is missing",
                    "Name the model by its id or name.",
                    null);
        }
        return new Jobs.Request(model, sources, wishes(), given.apply("parent"), owner, request);
    }

    /// What is wanted of the load.
    ///
    /// @throws MillraceException INVALID_REQUEST naming the parameter that is wrong
    Jobs.Wishes wishes() {
        var most = given.apply("maxRejected");
        return new Jobs.Wishes(
                choice("mode", LoadMode.values()),
                choice("ifLoaded", IfLoaded.values()),
                most == null ? null : MaxRejected.parse(most),
                flag("throughViews"),
                flag("dryRun"));
    }

    /// One of an enum's values, written as in `replace-partitions`; null when nothing is said.
    private <T extends Enum<T>> @Nullable T choice(String name, T[] values) {
        var text = given.apply(name);
        if (text == null) {
            return null;
        }
        return Arrays.stream(values)
                .filter(value -> spelled(value).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.INVALID_REQUEST,
                                "'%s' cannot be '%s'".formatted(name, text),
                                "Say one of %s."
                                        .formatted(
                                                Arrays.stream(values)
                                                        .map(SourceParameters::spelled)
                                                        .collect(Collectors.joining(", "))),
                                null));
    }

    /// A value of an enum as callers spell it.
    static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Nullable Boolean flag(String name) {
        return switch (given.apply(name)) {
            case null -> null;
            case "true" -> (Boolean) true;
            case "false" -> (Boolean) false;
            case String other ->
                    throw new MillraceException(
                            ErrorCode.INVALID_REQUEST,
                            "'%s' is neither true nor false but '%s'".formatted(name, other));
        };
    }

    /// Names stand in tables of terminals and in lines of logs, where a control character would be
    /// obeyed.
    static String name(@Nullable String given) {
        if (given == null) {
            return DEFAULT_NAME;
        }
        var control = given.chars().filter(Character::isISOControl).findFirst();
        if (control.isPresent()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The source's name has the control character U+%04X"
                            .formatted(control.getAsInt()),
                    "Give it another name.",
                    null);
        }
        return given;
    }

    /// What is said of the source alone.
    ///
    /// @throws MillraceException INVALID_REQUEST naming the parameter that is wrong
    SourceOptions options() {
        var encoding = given.apply("encoding");
        var format = given.apply("format");
        var escape = given.apply("escape");
        var options =
                new SourceOptions(
                        format == null ? null : Format.parse(format),
                        encoding == null ? null : Encoding.parse(encoding),
                        delimiter(),
                        quote(),
                        escape == null ? null : Escape.parse(escape),
                        comment(),
                        flag("trailingDelimiter"),
                        skip(),
                        given.apply("sheet"),
                        columns());
        check(options);
        return options;
    }

    /// Checks each thing that is said of a dialect with stand-ins for those that are not, and all
    /// of them against each other.
    private static void check(SourceOptions options) {
        var escape = requireNonNullElse(options.escape(), Escape.NONE);
        var standIn = escape == Escape.SEQUENCES ? Dialect.NO_QUOTE : '\2';
        var unused =
                new Dialect(
                        requireNonNullElse(options.delimiter(), "\1"),
                        requireNonNullElse(options.quote(), standIn),
                        '\n',
                        escape,
                        requireNonNullElse(options.comment(), Dialect.NO_COMMENT),
                        false);
        var format = options.format();
        if (format != null
                && !format.isDelimited()
                && format != Format.XLSX
                && (options.delimiter() != null
                        || options.quote() != null
                        || options.escape() != null
                        || options.comment() != null
                        || options.trailing() != null
                        || options.skip() != null
                        || options.columns() != null)) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The format %s has no delimiters, and every record names its fields"
                            .formatted(format.label()),
                    "Leave out what is said of delimiters, quotes, escapes, comments, lines to skip"
                            + " and columns.",
                    null);
        }
    }

    private @Nullable Character comment() {
        var text = given.apply("comment");
        return text == null
                ? null
                : text.equals("none")
                        ? (Character) Dialect.NO_COMMENT
                        : single("comment", text, "none");
    }

    private @Nullable Integer skip() {
        var text = given.apply("skip");
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'skip' is no number of lines: '%s'".formatted(text),
                    "Say how many lines stand before the header, 0 to 999999.",
                    null);
        }
        return Integer.valueOf(text);
    }

    /// The names of a source without a header; none for those of the model.
    private @Nullable List<String> columns() {
        var text = given.apply("columns");
        if (text == null) {
            return null;
        }
        if (text.strip().equals(MODELS_COLUMNS)) {
            return List.of();
        }
        var names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (names.contains("") || names.size() > Set.copyOf(names).size()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'columns' names a column twice, or one without a name: '%s'".formatted(text),
                    "Name each field of the source, with commas between, or say * for the model's"
                            + " columns in their order.",
                    null);
        }
        return names;
    }

    private @Nullable String delimiter() {
        var text = given.apply("delimiter");
        return switch (text) {
            case null -> null;
            case "tab", "\\t" -> "\t";
            default -> text;
        };
    }

    private @Nullable Character quote() {
        var text = given.apply("quote");
        return text == null
                ? null
                : text.equals("none")
                        ? (Character) Dialect.NO_QUOTE
                        : single("quote", text, "none");
    }

    private static Character single(String name, String text, String word) {
        if (text.length() == 1) {
            return text.charAt(0);
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "%s '%s' is not one character".formatted(name, text),
                "Give one ASCII character, or %s.".formatted(word),
                null);
    }
}

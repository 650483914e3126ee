package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what stands behind the question mark: exactly what is meant, or INVALID_REQUEST.
final class QueryParameters {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private QueryParameters() {}

    /// Refuses a parameter that the route does not know, which is most likely misspelt, and one
    /// that comes twice.
    static void check(Context ctx, Set<String> known) {
        for (var parameter : ctx.queryParamMap().entrySet()) {
            if (!known.contains(parameter.getKey())) {
                throw invalid(
                        "The query parameter '%s' is not known here".formatted(parameter.getKey()),
                        known.isEmpty()
                                ? "There are none."
                                : "Known: %s."
                                        .formatted(
                                                String.join(
                                                        ", ", known.stream().sorted().toList())));
            }
            if (parameter.getValue().size() > 1) {
                throw invalid(
                        "The query parameter '%s' is there %d times"
                                .formatted(parameter.getKey(), parameter.getValue().size()),
                        "Give it once.");
            }
        }
    }

    /// A parameter's text, or null when it is not there.
    static @Nullable String text(Context ctx, String name) {
        return ctx.queryParam(name);
    }

    static String text(Context ctx, String name, String otherwise) {
        var text = text(ctx, name);
        return text == null ? otherwise : text;
    }

    static boolean flag(Context ctx, String name) {
        return flag(ctx, name, false);
    }

    static boolean flag(Context ctx, String name, boolean otherwise) {
        var text = text(ctx, name, String.valueOf(otherwise));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("%s=%s is neither true nor false".formatted(name, text), null);
        };
    }

    static int number(Context ctx, String name, int least, int most, int otherwise) {
        var text = text(ctx, name);
        if (text == null) {
            return otherwise;
        }
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw invalid(
                "%s=%s is not a whole number from %d to %d".formatted(name, text, least, most),
                null);
    }

    /// How many things a page has.
    static int limit(Context ctx) {
        return number(ctx, "limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    }

    /// The first `limit` of a list that was asked for one more, to see whether there is a next
    /// page.
    static <T> List<T> page(List<T> oneMore, int limit) {
        return oneMore.size() > limit ? oneMore.subList(0, limit) : oneMore;
    }

    private static MillraceException invalid(String what, @Nullable String remedy) {
        return new MillraceException(ErrorCode.INVALID_REQUEST, what, remedy, null);
    }
}

package dev.millrace.api;

import dev.millrace.core.Answers;
import dev.millrace.core.Connection;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.NewSource;
import dev.millrace.core.Pull;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The sources of a job that the server fetches itself: objects that an address or a pattern means,
/// or the answer of a query.
///
/// @param sources as the job has them, in the order of what is wanted
record FetchedSources(List<? extends Pull.Wanted> wanted, List<NewSource> sources) {
    /// @param body the job's description
    /// @param source its `source`
    /// @throws MillraceException INVALID_REQUEST for what does not go together; what [Fetching]
    ///   throws
    static FetchedSources of(JsonObject body, JsonObject source, Fetching fetching) {
        source.withOnly("connection", "uri", "table", "query");
        if (body.has(DeclaredSources.KEY)) {
            throw invalid(
                    "A job has a 'source' that is fetched, or 'sources' that are sent",
                    "Leave one of them out.");
        }
        var name = body.text("sourceName");
        if (source.has("uri") == (source.has("table") || source.has("query"))) {
            throw invalid(
                    "'source' has none or several of 'uri', 'table' and 'query'",
                    "Give one of them.");
        }
        return source.has("uri")
                ? objects(body, source, name, fetching)
                : answer(body, source, name, fetching);
    }

    /// They are called as their addresses are; a single one may have another name.
    private static FetchedSources objects(
            JsonObject body, JsonObject source, @Nullable String name, Fetching fetching) {
        var wanted = fetching.find(source.requiredText("connection"), source.requiredText("uri"));
        if (name != null && wanted.size() > 1) {
            throw invalid(
                    "'sourceName' is of a single source, and %,d objects match"
                            .formatted(wanted.size()),
                    "Leave one of them out.");
        }
        var options = JobRoutes.parameters(body).options();
        return new FetchedSources(
                wanted,
                wanted.stream()
                        .map(Pull.OfObject::object)
                        .map(object ->
                                new NewSource(
                                        name == null
                                                ? object.name().toString()
                                                : SourceParameters.name(name),
                                        options,
                                        object.bytes()))
                        .toList());
    }

    /// How it is written is known, and not for the caller to say.
    private static FetchedSources answer(
            JsonObject body, JsonObject source, @Nullable String name, Fetching fetching) {
        var said = Arrays.stream(SourceParameters.OF_SOURCE).filter(body::has).findFirst();
        if (said.isPresent()) {
            throw invalid(
                    "'%s' is of a file, and the source is a table or query".formatted(said.get()),
                    "Leave it out: the server knows how it reads the answer.");
        }
        var connection = Objects.requireNonNullElse(source.text("connection"), Connection.EMBEDDED);
        var query = ExportRoutes.query(source);
        var wanted = fetching.answer(connection, query);
        var called = name == null ? called(source, connection) : name;
        return new FetchedSources(
                List.of(wanted),
                List.of(new NewSource(SourceParameters.name(called), Answers.WRITTEN)));
    }

    /// Such as `sales.orders at warehouse`.
    private static String called(JsonObject source, String connection) {
        var what = "query";
        if (source.has("table")) {
            var table = source.object("table");
            var database = table == null ? null : table.text("database");
            what =
                    (database == null ? "" : database + ".")
                            + (table == null ? "" : table.requiredText("table"));
        }
        return what + " at " + connection;
    }

    /// How many there are to fetch, as far as that is known, or -1.
    long bytes() {
        return sources.stream().mapToLong(NewSource::declaredBytes).sum();
    }

    private static MillraceException invalid(String what, String remedy) {
        return new MillraceException(ErrorCode.INVALID_REQUEST, what, remedy, null);
    }
}

package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Pull;
import dev.millrace.infer.SourceFeed;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sources that are only looked at, as they come: the body, the files of a form, or objects that
/// the server fetches; and what is said of them.
///
/// @param parameters what is said of all
/// @param name what they are called, or else the first of them, or null
record SentSources(SourceFeed feed, SourceParameters parameters, @Nullable String name) {
    /// What may be said of each file of a form.
    private static final List<String> OF_EACH = List.of(SourceParameters.and("header"));

    private static final String NAME = "name";

    /// @param most how many there may be; of objects that match no more are taken
    /// @param known what may be said of them
    /// @throws MillraceException INVALID_REQUEST for what does not go together or is not known;
    ///   what [Fetching#find] throws
    static SentSources of(Context ctx, Fetching fetching, int most, String[] known)
            throws IOException {
        var uri = QueryParameters.text(ctx, "uri");
        var connection = QueryParameters.text(ctx, "connection");
        if (uri != null || connection != null) {
            return fetched(ctx, fetching, connection, uri, most);
        }
        if (JobRoutes.isForm(RequestBody.mediaType(ctx))) {
            var several = new UploadForm.Several(most, most == 1 ? List.of() : OF_EACH);
            return ofForm(ctx, UploadForm.open(ctx, several, known), most);
        }
        var said = QueryParameters.text(ctx, NAME);
        var given = inQuery(ctx);
        var body = sent(SourceParameters.name(said), ctx.req().getInputStream(), given);
        return new SentSources(SourceFeed.of(body), given, said);
    }

    private static SourceParameters inQuery(Context ctx) {
        return new SourceParameters(name -> QueryParameters.text(ctx, name));
    }

    private static SentSources fetched(
            Context ctx,
            Fetching fetching,
            @Nullable String connection,
            @Nullable String uri,
            int most)
            throws IOException {
        if (uri == null || connection == null || ctx.req().getInputStream().read() >= 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A source that the server fetches takes 'uri' and 'connection', and no body",
                    null);
        }
        var found = fetching.find(connection, uri);
        var wanted = found.subList(0, Math.min(found.size(), most));
        var said = QueryParameters.text(ctx, NAME);
        var given = inQuery(ctx);
        return new SentSources(
                new Fetched(fetching, wanted.iterator(), wanted.size(), given),
                given,
                said == null ? called(wanted.getFirst()) : said);
    }

    /// What is said of a file is what the form says when it is that file's turn.
    private static SentSources ofForm(Context ctx, UploadForm form, int most) {
        var given = new SourceParameters(name -> JobRoutes.given(ctx, form, name));
        return new SentSources(new Files(form, most, given), given, given.given().apply(NAME));
    }

    private static SourceFeed.Sent sent(String name, InputStream in, SourceParameters given) {
        return new SourceFeed.Sent(name, in, given.options(), hasHeader(given));
    }

    /// Whether the caller says that there is a header. That there is none is said by `columns`.
    private static boolean hasHeader(SourceParameters given) {
        return Boolean.TRUE.equals(given.flag("header"));
    }

    private static String called(Pull.OfObject wanted) {
        return wanted.object().name().last();
    }

    /// The objects are opened one after the other.
    private record Fetched(
            Fetching fetching, Iterator<Pull.OfObject> left, int count, SourceParameters given)
            implements SourceFeed {
        @Override
        public @Nullable Sent next() {
            if (!left.hasNext()) {
                return null;
            }
            var wanted = left.next();
            return sent(called(wanted), fetching.content(wanted), given);
        }

        @Override
        public boolean mayBeSeveral() {
            return count > 1;
        }
    }

    /// The files of a form, as they come.
    private static final class Files implements SourceFeed {
        private final UploadForm form;
        private final int most;
        private final SourceParameters given;
        private int begun;

        Files(UploadForm form, int most, SourceParameters given) {
            this.form = form;
            this.most = most;
            this.given = given;
        }

        @Override
        public @Nullable Sent next() {
            if (begun > 0 && !form.goOn()) {
                return null;
            }
            begun++;
            var name = form.fileName();
            return sent(name == null ? "file " + begun : name, form.file(), given);
        }

        @Override
        public boolean mayBeSeveral() {
            return most > 1;
        }
    }

    /// The first of them.
    SourceFeed.Sent first() {
        var first = feed.next();
        if (first == null) {
            throw new IllegalStateException("There is one at least");
        }
        return first;
    }
}

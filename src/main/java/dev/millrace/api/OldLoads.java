package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.SourceOptions;
import dev.millrace.infer.Infer;
import dev.millrace.infer.Proposal;
import dev.millrace.models.Models;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

/// From a file to ClickHouse as users of the earlier tool ask for it: a form with `table` and
/// `file`, which is a load with the model of that table. A table that no model has is made, with a
/// model that is inferred from the file's head.
final class OldLoads {
    /// What is looked at of a file whose table is to be made.
    private static final int HEAD_BYTES = 8 << 20;

    private static final String[] FIELDS = SourceParameters.and("table", "name", "maxRejected");

    private final Models models;
    private final Infer infer;
    private final JobRoutes jobs;

    OldLoads(Models models, Infer infer, JobRoutes jobs) {
        this.models = models;
        this.infer = infer;
        this.jobs = jobs;
    }

    /// `POST /file-to-clickhouse`: answers once the whole file is stored, as `POST /api/v1/jobs`
    /// does.
    void load(Context ctx) throws IOException {
        if (!JobRoutes.isForm(RequestBody.mediaType(ctx))) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "The file comes in no form",
                    "Send it like: curl -F table=purchases -F file=@purchases.csv",
                    null);
        }
        var form = UploadForm.open(ctx, FIELDS);
        var table = form.field("table");
        if (table == null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'table' is missing",
                    "Name the table that the file goes into, before the file.",
                    null);
        }
        var said =
                new SourceParameters(
                        name -> name.equals("table") ? null : JobRoutes.given(ctx, form, name));
        var known = models.into(table);
        var content = known.isPresent() ? form.file() : withHead(form.file());
        var model =
                known.isPresent()
                        ? known.get()
                        : make(ctx, table, said.options(), (HeadStream) content);
        var given =
                new SourceParameters(name ->
                        name.equals("model") ? model.id().publicId() : said.given().apply(name));
        var job = jobs.load(ctx, given, content);
        Json.answer(ctx, 202, OldJobs.started(job.id(), job.state()).put("table", model.table()));
    }

    private Model make(Context ctx, String table, SourceOptions options, HeadStream file) {
        var proposal = propose(table, options, file);
        return models.create(
                table,
                proposal.definition().in(table),
                Authentication.owner(ctx),
                KeyedRequests.name(ctx));
    }

    private Proposal propose(String table, SourceOptions options, HeadStream file) {
        try {
            return infer.propose(file.head(), options, false);
        } catch (MillraceException e) {
            if (file.whole || e.code() != ErrorCode.SOURCE_DAMAGED) {
                throw e;
            }
            throw new MillraceException(
                    ErrorCode.SOURCE_INCOMPLETE,
                    "There is no table '%s', and the first %,d bytes of such a file do not tell its columns"
                            .formatted(table, HEAD_BYTES),
                    "Make it with: millrace load FILE --into %s".formatted(table),
                    e);
        }
    }

    private static HeadStream withHead(InputStream in) throws IOException {
        var head = in.readNBytes(HEAD_BYTES);
        return new HeadStream(head, in, head.length < HEAD_BYTES);
    }

    /// A stream whose head was read before.
    private static final class HeadStream extends SequenceInputStream {
        private final byte[] head;
        private final boolean whole;

        HeadStream(byte[] head, InputStream rest, boolean whole) {
            super(new ByteArrayInputStream(head), rest);
            this.head = head;
            this.whole = whole;
        }

        /// The head up to its last line's end: what is behind that is a part of a record.
        InputStream head() {
            var end = head.length;
            while (!whole && end > 0 && head[end - 1] != '\n') {
                end--;
            }
            return new ByteArrayInputStream(Arrays.copyOf(head, end));
        }
    }
}

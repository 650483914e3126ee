package dev.millrace.infer;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.Records;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cut;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Proposes a model for a source, or for several together, from the whole of them, in memory that
/// does not grow with them.
///
/// The rule, which `docs/infer.md` has for users:
///
/// - A column gets the narrowest type that holds each of its values exactly: Bool, the integers,
///   `Decimal` (as many digits as take the same room), `Float64` only for exponents and infinities
///   or when no Decimal has the digits, UUID, IPv4, IPv6, Date, Date32, DateTime, DateTime64, an
///   Array of one of them, else String.
/// - At most one value in 1,000, and at most 100, may not fit, if they are clearly no values of the
///   type ([TypeChoice]). They are said, with their rows: a load rejects these and no others.
/// - What looks like a number and is a code (a leading zero) is a text; so is a date of which
///   nobody can tell the day from the month.
/// - A column is Nullable when it has empty fields or null markers, and cannot hold an empty text.
/// - The table is sorted as [OrderChoice] says.
///
/// Thread-safe.
public final class Infer {
    private static final int CUT_BYTES = 4 << 20;
    private static final SplitSizes SIZES =
            new SplitSizes(CUT_BYTES, CUT_BYTES, Limits.MAX_SPLIT_RECORDS);

    /// A preview reads little of most sources, and so there may be more of them.
    private static final int PREVIEWS_AN_INFERENCE = 4;

    private final Semaphore free;
    private final Semaphore freePreviews;
    private final Supplier<Path> part;

    /// @param most how many sources it reads at a time; of previews it makes four times as many
    /// @param part gives paths for files that are gone soon
    public Infer(int most, Supplier<Path> part) {
        free = new Semaphore(most);
        freePreviews = new Semaphore(PREVIEWS_AN_INFERENCE * most);
        this.part = part;
    }

    /// The first records of a source as a load would store them; see [Preview#of].
    ///
    /// @throws MillraceException TOO_BUSY; what [Preview#of] throws
    public Preview preview(
            InputStream in,
            boolean isWhole,
            SourceOptions asked,
            boolean hasHeader,
            @Nullable ModelDefinition definition) {
        return bounded(
                freePreviews, () -> Preview.of(in, isWhole, asked, hasHeader, definition, part));
    }

    /// Reads a source to its end; see [#propose(SourceFeed)].
    ///
    /// @param in closed here
    public Proposal propose(InputStream in, SourceOptions asked, boolean hasHeader) {
        return propose(SourceFeed.of(new SourceFeed.Sent("", in, asked, hasHeader)));
    }

    /// Reads sources to their ends, one after the other.
    ///
    /// @throws MillraceException TOO_BUSY; EMPTY_SOURCE; AMBIGUOUS_DIALECT; what [Profile#begin],
    ///   [SourceDecoder] and [Cutter] throw; it names the source where there may be several
    public Proposal propose(SourceFeed sources) {
        return bounded(free, () -> read(sources));
    }

    private static <T> T bounded(Semaphore free, Supplier<T> work) {
        if (!free.tryAcquire()) {
            throw new MillraceException(
                    ErrorCode.TOO_BUSY,
                    "As many sources are looked at already as this server takes at a time",
                    "Send it again in a moment.",
                    null);
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }

    private Proposal read(SourceFeed sources) {
        var profile = new Profile();
        var doubtful = new ArrayList<Doubtful>();
        for (var sent = sources.next(); sent != null; sent = sources.next()) {
            try (var in = sent.in()) {
                var source = read(in, sent, profile);
                if (!sent.hasHeader()) {
                    doubtful.add(new Doubtful(source, sent.asked()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (MillraceException e) {
                throw sources.mayBeSeveral() ? naming(sent.name(), e) : e;
            }
        }
        var proposal = profile.propose();
        for (var source : doubtful) {
            try {
                source.refuse(proposal);
            } catch (MillraceException e) {
                throw sources.mayBeSeveral() ? naming(source.of().name(), e) : e;
            }
        }
        return proposal;
    }

    /// A source whose first record may be values.
    private record Doubtful(SourceProfile of, SourceOptions asked) {
        void refuse(Proposal proposal) {
            HeaderDoubt.refuse(of.reading(), of.own(proposal.definition().columns()), asked);
        }
    }

    private SourceProfile read(InputStream in, SourceFeed.Sent sent, Profile profile) {
        var asked = sent.asked();
        try (var decoder = SourceDecoder.open(in, asked, part)) {
            var cutter = Cutter.open(decoder, asked, Limits.MAX_RECORD_BYTES, SIZES);
            var reading = cutter.reading();
            if (reading.header().isEmpty()) {
                throw new MillraceException(ErrorCode.EMPTY_SOURCE, "The source is empty");
            }
            var source = profile.begin(sent.name(), reading, sent.isNamed());
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                source.add(cut);
            }
            if (source.rows() == 0) {
                throw new MillraceException(
                        ErrorCode.EMPTY_SOURCE,
                        "The source has no records, so nothing tells its types");
            }
            return source;
        }
    }

    /// The same, saying of which source it is.
    private static MillraceException naming(String source, MillraceException e) {
        return new MillraceException(
                e.code(), "'%s': %s".formatted(source, e.what()), e.remedy(), e);
    }

    /// The records of a cut.
    static Records records(Cut cut, SourceReading reading) {
        return RecordReader.open(reading, cut, Limits.MAX_RECORD_BYTES);
    }
}

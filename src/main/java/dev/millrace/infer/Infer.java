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
import dev.millrace.format.RecordCutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Proposes a model for a source, from the whole of it, in memory that does not grow with it.
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

    /// Reads a source to its end.
    ///
    /// @param in closed by the caller
    /// @param hasHeader whether somebody says that the first record names the fields; who says
    ///   nothing is asked where it may be values
    /// @throws MillraceException TOO_BUSY; EMPTY_SOURCE; AMBIGUOUS_DIALECT; what [SourceDecoder]
    ///   and [RecordCutter] throw
    public Proposal propose(InputStream in, SourceOptions asked, boolean hasHeader) {
        return bounded(free, () -> read(in, asked, hasHeader));
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

    private Proposal read(InputStream in, SourceOptions asked, boolean hasHeader) {
        try (var decoder = SourceDecoder.open(in, asked, part)) {
            var cutter = RecordCutter.open(decoder, asked, Limits.MAX_RECORD_BYTES, SIZES);
            var reading = cutter.reading();
            if (reading.header().isEmpty()) {
                throw new MillraceException(ErrorCode.EMPTY_SOURCE, "The source is empty");
            }
            requireFew(reading.header().size());
            var profile = new SourceProfile(reading);
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                profile.add(
                        RecordReader.open(
                                reading,
                                cut.bytes(),
                                0,
                                cut.length(),
                                cut.firstRow(),
                                Limits.MAX_RECORD_BYTES,
                                profile::refuses));
            }
            if (profile.rows() == 0) {
                throw new MillraceException(
                        ErrorCode.EMPTY_SOURCE,
                        "The source has no records, so nothing tells its types");
            }
            var proposal = profile.propose();
            if (!hasHeader) {
                HeaderDoubt.refuse(proposal, asked);
            }
            return proposal;
        }
    }

    /// Before the memory for so many is taken.
    private static void requireFew(int columns) {
        if (columns > ModelDefinition.MAX_COLUMNS) {
            throw new MillraceException(
                    ErrorCode.INVALID_MODEL,
                    "The source has %,d columns, and a model %,d at most"
                            .formatted(columns, ModelDefinition.MAX_COLUMNS));
        }
    }

    /// The records of a cut.
    static Records records(Cut cut, SourceReading reading) {
        return RecordReader.open(reading, cut, Limits.MAX_RECORD_BYTES);
    }
}

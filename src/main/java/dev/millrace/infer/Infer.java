package dev.millrace.infer;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.Limits;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.Records;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cut;
import dev.millrace.format.RecordCutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

    private final Semaphore free;
    private final Supplier<Path> part;

    /// @param most how many sources it reads at a time
    /// @param part gives paths for files that are gone soon
    public Infer(int most, Supplier<Path> part) {
        free = new Semaphore(most);
        this.part = part;
    }

    /// The first records of a source as a load would store them; see [Preview#of].
    public Preview preview(
            byte[] head,
            boolean isWhole,
            SourceOptions asked,
            @Nullable ModelDefinition definition) {
        return Preview.of(head, isWhole, asked, definition, part);
    }

    /// Reads a source to its end.
    ///
    /// @param in closed by the caller
    /// @param asked with no columns, when the source has no header, for names of our own: `c1` and
    ///   so on
    /// @throws MillraceException TOO_BUSY; EMPTY_SOURCE; what [SourceDecoder] and [RecordCutter]
    ///   throw
    public Proposal propose(InputStream in, SourceOptions asked) {
        if (!free.tryAcquire()) {
            throw new MillraceException(
                    ErrorCode.TOO_BUSY,
                    "As many sources are looked at already as this server takes at a time",
                    "Send it again in a moment.",
                    null);
        }
        try {
            return read(in, asked);
        } finally {
            free.release();
        }
    }

    private Proposal read(InputStream in, SourceOptions asked) {
        var named = Named.of(in, asked, part);
        try (var decoder = SourceDecoder.open(named.in(), named.options(), part)) {
            var cutter =
                    RecordCutter.open(decoder, named.options(), Limits.MAX_RECORD_BYTES, SIZES);
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
            return profile.propose();
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

    /// A source of which the names of the fields are known, or in its header.
    record Named(InputStream in, SourceOptions options) {
        /// Looks at the first record of a source without a header and without names, and names as
        /// many fields as it has.
        static Named of(InputStream in, SourceOptions asked, Supplier<Path> part) {
            var columns = asked.columns();
            if (columns == null || !columns.isEmpty()) {
                return new Named(in, asked);
            }
            var head = new RereadableHead(in);
            var count = firstFields(head, asked, part);
            var names = IntStream.rangeClosed(1, count).mapToObj(i -> "c" + i).toList();
            return new Named(head.again(), asked.with(names));
        }

        private static int firstFields(InputStream head, SourceOptions asked, Supplier<Path> part) {
            var one = asked.with(List.of("c1"));
            try (var decoder = SourceDecoder.open(head, one, part)) {
                var cutter =
                        RecordCutter.open(
                                decoder, one, Limits.MAX_RECORD_BYTES, new SplitSizes(1, 1, 1));
                var cut = cutter.next();
                if (cut == null) {
                    throw new MillraceException(ErrorCode.EMPTY_SOURCE, "The source is empty");
                }
                var record = new SourceRecord();
                records(cut, cutter.reading()).next(record);
                return Math.max(1, record.fields);
            }
        }
    }
}

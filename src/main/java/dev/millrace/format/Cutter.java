package dev.millrace.format;

import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SplitSizes;
import org.jspecify.annotations.Nullable;

/// Cuts a source into runs of whole records while it arrives, and counts them. Not thread-safe.
public sealed interface Cutter permits RecordCutter, BlockCutter {
    /// Reads the source's head and finds how the rest is to be read.
    ///
    /// @param source read by this cutter alone from now on; the caller closes it
    /// @param maxRecordBytes the longest record, in bytes of UTF-8 without its line break
    /// @throws MillraceException SOURCE_DAMAGED or HEADER_AMBIGUOUS when the header cannot be read;
    ///   INVALID_REQUEST or AMBIGUOUS_DIALECT as [DialectDetector] does; what [SourceDecoder#read]
    ///   throws
    static Cutter open(
            SourceDecoder source, SourceOptions asked, int maxRecordBytes, SplitSizes sizes) {
        var conversion = source.conversion();
        return conversion == null
                ? RecordCutter.open(source, asked, maxRecordBytes, sizes)
                : new BlockCutter(source, conversion, maxRecordBytes, sizes);
    }

    /// Goes on with a source of which the first cuts are known, as if it had been cut in one go.
    ///
    /// @param source made by [SourceDecoder#resume]
    /// @param reading what the first cutter found
    /// @param sizes the first cutter's
    /// @param before all bytes before those of `source`: the head and every cut
    static Cutter resume(
            SourceDecoder source,
            SourceReading reading,
            int maxRecordBytes,
            SplitSizes sizes,
            SourcePrefix before) {
        return RecordCutter.resume(source, reading, maxRecordBytes, sizes, before);
    }

    /// How the source is read. Its header is empty when the source should have one and holds no
    /// record at all.
    SourceReading reading();

    /// The source's bytes before its first record as received, byte-order mark and header. Null
    /// when it cannot be rebuilt from them and the cuts: it is no text or packed, its encoding can
    /// write a character in several ways, its head is very long, or it is continued, and they are
    /// known.
    byte @Nullable [] head();

    /// The next cut, or null at the end of the source.
    ///
    /// @throws MillraceException what [SourceDecoder#read] throws
    @Nullable Cut next();
}

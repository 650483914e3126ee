package dev.millrace.bench.fuzz;

import dev.millrace.Parts;
import dev.millrace.core.MillraceException;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Records;
import dev.millrace.core.SourceOptions;
import dev.millrace.core.SourceReading;
import dev.millrace.core.SourceRecord;
import dev.millrace.core.SplitSizes;
import dev.millrace.format.Cut;
import dev.millrace.format.Cutter;
import dev.millrace.format.RecordReader;
import dev.millrace.format.SourceDecoder;
import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What became of a source: how many records it has and a hash of all of them, or with which code
/// it was refused.
///
/// @param records -1 when it was refused
/// @param refusal the code, or null
/// @param fault what must never be, or null
record Outcome(long records, String hash, @Nullable String refusal, @Nullable String fault) {
    /// Whether both say the same of one source.
    boolean agreesWith(Outcome other) {
        return records == other.records
                && hash.equals(other.hash)
                && String.valueOf(refusal).equals(String.valueOf(other.refusal));
    }

    /// Reads a source that is cut so.
    ///
    /// @param blocks decides what is read in blocks; null for nothing
    static Outcome of(
            byte[] source,
            SourceOptions asked,
            SplitSizes sizes,
            int maxRecordBytes,
            @Nullable SplittableRandom blocks) {
        try (var decoder =
                SourceDecoder.open(new ByteArrayInputStream(source), asked, Parts::next)) {
            var cutter = Cutter.open(decoder, asked, maxRecordBytes, sizes);
            var hash = new RecordHash();
            for (var cut = cutter.next(); cut != null; cut = cutter.next()) {
                var before = hash.records();
                read(cutter.reading(), cut, maxRecordBytes, blocks, hash);
                if (hash.records() - before != cut.records()) {
                    return fault(
                            "the cutter counts %,d records where the reader finds %,d"
                                    .formatted(cut.records(), hash.records() - before));
                }
            }
            return new Outcome(hash.records(), HexFormat.of().formatHex(hash.digest()), null, null);
        } catch (MillraceException e) {
            return new Outcome(-1, "", e.code().name(), null);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            var at = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
            return fault(e + at);
        }
    }

    private static Outcome fault(String what) {
        return new Outcome(-1, "", null, what);
    }

    private static void read(
            SourceReading reading,
            Cut cut,
            int maxRecordBytes,
            @Nullable SplittableRandom blocks,
            RecordHash hash) {
        var records = RecordReader.open(reading, cut, maxRecordBytes);
        var block = new RecordBlock(Math.max(1, reading.header().size()));
        while (blocks == null || !blocks.nextBoolean() || together(records, block, blocks, hash)) {
            if (!alone(records, hash)) {
                return;
            }
        }
    }

    /// @return true when a record has to be read alone
    private static boolean together(
            Records records, RecordBlock block, SplittableRandom random, RecordHash hash) {
        block.limit = 1 + random.nextInt(block.capacity());
        var found = records.next(block);
        if (found > 0 && random.nextInt(4) == 0) {
            records.goBack();
            return true;
        }
        for (var i = 0; i < found; i++) {
            hash.add(block, i);
        }
        return true;
    }

    private static boolean alone(Records records, RecordHash hash) {
        var record = new SourceRecord();
        if (!records.next(record)) {
            return false;
        }
        hash.add(record);
        return true;
    }
}

package dev.millrace.clickhouse;

import dev.millrace.core.Batch;
import dev.millrace.core.Counted;
import dev.millrace.core.Digest;
import dev.millrace.validate.RoundSplit;
import java.io.IOException;
import java.io.OutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What a worker does to a split of 16 MiB of rows of ten columns, from its bytes to the ones that
/// go to ClickHouse. Bytes are the split's own in all of it.
@State(Scope.Thread)
public class SplitParts {
    private RoundSplit split = new RoundSplit();
    private Batch batch = split.validate();

    @Setup
    public void write() {
        split = new RoundSplit();
        batch = split.validate();
    }

    /// Finds fields and reads values.
    @Benchmark
    public Batch readAndValidate(Counted counted) {
        counted.bytes += split.bytes();
        return split.validate();
    }

    /// Writes the block that ClickHouse is sent, to nowhere.
    @Benchmark
    public void encode(Counted counted) throws IOException {
        counted.bytes += split.bytes();
        NativeBlock.of(batch).writeTo(OutputStream.nullOutputStream());
    }

    /// Sums up the rows' numbers for the ledger.
    @Benchmark
    public Digest digest(Counted counted) {
        counted.bytes += split.bytes();
        return batch.digest();
    }
}

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
/// go to ClickHouse.
@State(Scope.Thread)
public class SplitParts {
    private final byte[] pieces = new byte[1 << 16];
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

    /// Writes the block that ClickHouse is sent, piece by piece into the same few bytes, as into a
    /// socket's buffer; bytes are the block's.
    @Benchmark
    public void encode(Counted counted) throws IOException {
        NativeBlock.of(batch)
                .writeTo(
                        new OutputStream() {
                            @Override
                            public void write(int value) {
                                pieces[0] = (byte) value;
                                counted.bytes++;
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                for (var done = 0; done < length; done += pieces.length) {
                                    var piece = Math.min(pieces.length, length - done);
                                    System.arraycopy(bytes, offset + done, pieces, 0, piece);
                                }
                                counted.bytes += length;
                            }
                        });
    }

    /// Sums up the rows' numbers for the ledger; bytes are the numbers'.
    @Benchmark
    public Digest digest(Counted counted) {
        counted.bytes += (long) batch.rows() * Long.BYTES;
        return batch.digest();
    }
}

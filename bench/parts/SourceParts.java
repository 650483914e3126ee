package dev.millrace.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.millrace.core.Counted;
import dev.millrace.core.Dialect;
import dev.millrace.core.Limits;
import dev.millrace.core.RecordBlock;
import dev.millrace.core.Sha256;
import dev.millrace.core.SourceRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What is done to the bytes of a source before any of them is a value, beside reading and copying
/// memory and beside FastCSV. 64 MiB: more than the processor's caches hold.
@State(Scope.Thread)
public class SourceParts {
    private static final int BYTES = 64 << 20;
    private static final int FIELDS = 10;
    private static final Dialect DIALECT = new Dialect(',', '"');
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Ten fields in about 80 bytes; without quotes, one of them with doubled quotes, or all quoted.
    @Param({"plain", "doubled", "quoted"})
    public String shape = "";

    private byte[] source = {};
    private byte[] copy = {};

    @Setup
    public void write() {
        source = rows(shape, BYTES);
        copy = new byte[source.length];
    }

    /// Rows of a shape, about so many bytes of them.
    public static byte[] rows(String shape, int bytes) {
        var row =
                switch (shape) {
                    case "plain" -> "%s,%d,%s,%d,0.25,0,%d.5,0,Blackjack,NetEnt\n";
                    case "doubled" -> "%s,%d,%s,%d,0.25,0,%d.5,0,\"Book of \"\"Ra\"\", Deluxe\",N\n";
                    case "quoted" ->
                            "\"%s\",\"%d\",\"%s\",\"%d\",\"0.25\",\"0\",\"%d.5\",\"0\",\"x\",\"y\"\n";
                    default -> throw new IllegalArgumentException(shape);
                };
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.length() < 1 << 20) {
            text.append(
                    row.formatted(
                            "2019-10-22 08:%02d:%02d".formatted(random.nextInt(60), random.nextInt(60)),
                            random.nextInt(1 << 20),
                            Long.toHexString(random.nextLong()),
                            random.nextInt(2000) + 25000,
                            random.nextInt(100)));
        }
        return text.toString().repeat(Math.max(1, bytes / text.length())).getBytes(UTF_8);
    }

    @Benchmark
    public long readMemory(Counted counted) {
        var sum = 0L;
        for (var i = 0; i <= source.length - Long.BYTES; i += Long.BYTES) {
            sum += (long) LONGS.get(source, i);
        }
        counted.bytes += source.length;
        return sum;
    }

    @Benchmark
    public byte[] copyMemory(Counted counted) {
        System.arraycopy(source, 0, copy, 0, source.length);
        counted.bytes += source.length;
        return copy;
    }

    /// As intake hashes a source: some thousand bytes at a time.
    @Benchmark
    public byte[] sha256(Counted counted) {
        var digest = Sha256.begin();
        for (var at = 0; at < source.length; at += 4096) {
            digest.update(source, at, Math.min(4096, source.length - at));
        }
        counted.bytes += source.length;
        return digest.digest();
    }

    @Benchmark
    public long crc32c(Counted counted) {
        var crc = new CRC32C();
        crc.update(source);
        counted.bytes += source.length;
        return crc.getValue();
    }

    /// Finds where records end, as the cutter does.
    @Benchmark
    public int boundaries(Counted counted) {
        var scanner = new RecordScanner(DIALECT, FIELDS, Limits.MAX_RECORD_BYTES);
        scanner.standAt(0);
        var records = 0;
        while (true) {
            var run = scanner.run(source, source.length, Integer.MAX_VALUE);
            if (run == 0 && scanner.next(source, source.length, true) == RecordScanner.Step.MORE) {
                break;
            }
            records += Math.max(run, 1);
        }
        counted.bytes += source.length;
        return records;
    }

    private CsvRecords records() {
        return new CsvRecords(
                source, 0, source.length, DIALECT, FIELDS, 1, Limits.MAX_RECORD_BYTES);
    }

    /// Finds records and fields, as a worker does.
    @Benchmark
    public long fieldsInBlocks(Counted counted) {
        var records = records();
        var block = new RecordBlock(FIELDS);
        var record = new SourceRecord();
        var fields = 0L;
        while (true) {
            var found = records.next(block);
            if (found == 0 && !records.next(record)) {
                break;
            }
            fields += found == 0 ? record.fields : (long) found * FIELDS;
        }
        counted.bytes += source.length;
        return fields;
    }

    /// The same one record after the other, as where one of a block does not fit.
    @Benchmark
    public long fieldsOneByOne(Counted counted) {
        var records = records();
        var record = new SourceRecord();
        var fields = 0L;
        while (records.next(record)) {
            fields += record.fields;
        }
        counted.bytes += source.length;
        return fields;
    }

    /// The same by FastCSV, which makes a text of each field.
    @Benchmark
    public long fieldsByFastCsv(Counted counted) throws IOException {
        var fields = 0L;
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().ofCsvRecord(new ByteArrayInputStream(source))) {
            for (var record : reader) {
                fields += record.getFieldCount();
            }
        }
        counted.bytes += source.length;
        return fields;
    }
}

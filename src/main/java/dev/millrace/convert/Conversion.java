package dev.millrace.convert;

import dev.millrace.core.Format;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A file of rows, read as lines of JSON in memory that does not grow with the file.
///
/// Each row is one array with the values of all columns, in the file's order, and a line feed after
/// it: without the columns' names, which would be half of it. A workbook's row that has something
/// beside its columns is an object, in which what is too many has a name, too. Integers and
/// decimals are numbers with all their digits, other numbers the shortest text that reads back the
/// same, binary values texts of their very bytes: [JsonText] has the whole of it.
///
/// Not thread-safe. Everything throws [MillraceException]: SOURCE_DAMAGED for what is not sound,
/// with the place; SOURCE_UNSUPPORTED, naming column and type, for what is not carried.
public final class Conversion implements AutoCloseable {
    /// How much is converted at a time, in bytes.
    private static final int BATCH_BYTES = 64 << 10;

    private final Format format;
    private final Rows rows;
    private final JsonText text = new JsonText(2 * BATCH_BYTES);
    private int taken;
    private boolean ended;
    private long records;

    private Conversion(Format format, Rows rows) {
        this.format = format;
        this.rows = rows;
    }

    /// Opens a Parquet file, which has to be there whole: what it holds is said at its end.
    public static Conversion parquet(Path file) {
        return open(Format.PARQUET, () -> ParquetRows.open(file));
    }

    /// Opens an Avro object container file as it arrives. Takes over `in`.
    public static Conversion avro(InputStream in) {
        return open(Format.AVRO, () -> AvroRows.open(in));
    }

    /// Opens a workbook, which has to be there whole.
    public static Conversion xlsx(Path file, SheetChoice choice) {
        return open(Format.XLSX, () -> XlsxRows.open(file, choice));
    }

    /// The same.
    ///
    /// @param sheet the sheet's name, or null for the first visible one that has cells
    /// @param headerRow the number of the row that names the columns, from 1; 0 when none does, or
    ///   null to find it
    public static Conversion xlsx(Path file, @Nullable String sheet, @Nullable Integer headerRow) {
        return xlsx(
                file,
                headerRow != null && headerRow == 0
                        ? new SheetChoice(sheet, null, List.of())
                        : new SheetChoice(
                                sheet, headerRow == null ? null : (Integer) (headerRow - 1), null));
    }

    /// Opens what arrives, in one of the formats that are converted.
    ///
    /// @param in taken over; what has to be whole is copied into a file first
    /// @param part a path for that file, which is gone when this returns
    /// @param choice what of a workbook is read
    /// @throws MillraceException as the stream throws it; DISK_FULL or STORE_UNAVAILABLE when the
    ///   file cannot be written
    public static Conversion open(
            Format format, InputStream in, Supplier<Path> part, SheetChoice choice) {
        if (format == Format.AVRO) {
            return avro(in);
        }
        var file = part.get();
        try {
            Spool.copy(in, file);
            return format == Format.PARQUET ? parquet(file) : xlsx(file, choice);
        } finally {
            Spool.remove(file);
        }
    }

    private interface Opening {
        Rows open() throws IOException;
    }

    private static Conversion open(Format format, Opening opening) {
        try {
            return new Conversion(format, opening.open());
        } catch (MillraceException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Trouble.damaged(
                    "The %s source cannot be opened: %s".formatted(format, Trouble.why(e)), e);
        }
    }

    /// A column's name as it stands before a value in an object, quotes and colon included.
    public static byte[] key(String name) {
        return JsonText.key(name);
    }

    public Format format() {
        return format;
    }

    /// The names of the columns, in the order in which every row has their values.
    public List<String> columns() {
        return rows.columns();
    }

    /// What the user should know of how the file is read, as sentences; mostly none.
    public List<String> notes() {
        return rows.notes();
    }

    /// How many rows were converted so far; once [#read] has returned -1, how many there are.
    public long records() {
        return records;
    }

    /// Reads lines of JSON; a line may be cut by the end of the array.
    ///
    /// @return how many bytes were read, at least one unless `length` is 0; or -1 at the end
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (taken == text.length()) {
            convert();
        }
        var n = Math.min(length, text.length() - taken);
        System.arraycopy(text.bytes(), taken, into, offset, n);
        taken += n;
        return n == 0 ? -1 : n;
    }

    private void convert() {
        text.clear();
        taken = 0;
        try {
            while (!ended && text.length() < BATCH_BYTES) {
                text.startRecord();
                if (rows.next(text)) {
                    text.endRecord();
                    records++;
                } else {
                    ended = true;
                }
            }
        } catch (MillraceException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Trouble.damaged(
                    "The %s source is damaged in %s: %s"
                            .formatted(format, rows.where(), Trouble.why(e)),
                    e);
        }
    }

    /// Ends reading and closes the file.
    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException _) {
            // What was wanted of the file has been read or given up: nothing is lost with it.
        }
    }
}

package dev.millrace.convert;

import dev.millrace.core.Format;
import dev.millrace.core.LittleEndian;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A file of rows, read as blocks of some hundred in memory that does not grow with the file: of
/// each column the values of all rows together, as JSON; [RowBlock] reads them. A row that has
/// something beside its columns, or is too long, is a line of JSON by itself.
///
/// Integers and decimals are numbers with all their digits, other numbers the shortest text that
/// reads back the same, binary values texts of their very bytes: [JsonText] has the whole of it.
///
/// Not thread-safe. Everything throws [MillraceException]: SOURCE_DAMAGED for what is not sound,
/// with the place; SOURCE_UNSUPPORTED, naming column and type, for what is not carried.
public final class Conversion implements AutoCloseable {
    private final Format format;
    private final Rows rows;

    /// Of how many rows the values wait, those of the block included.
    private int waiting;

    /// How many of these the block has.
    private int taken;

    /// The row that the block is, or null when it has rows.
    private @Nullable JsonText line;

    /// How many bytes the block takes.
    private int length;

    private long records;

    Conversion(Format format, Rows rows) {
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

    /// How many rows are in all blocks so far.
    public long records() {
        return records;
    }

    /// Makes the next block.
    ///
    /// @param mostRows how many rows it may have, at least 1
    /// @param maxRecordBytes a longer row is a line; no more is kept of it than shows that
    /// @return false when there are no rows left
    public boolean next(int mostRows, int maxRecordBytes) {
        letGo();
        if (waiting == 0) {
            waiting = read();
        }
        if (waiting == 0) {
            return false;
        }
        if (waiting == Rows.LINE) {
            waiting = 0;
            endLine(rows.line(), maxRecordBytes);
        } else {
            take(Math.min(waiting, mostRows), maxRecordBytes);
        }
        records += rows();
        return true;
    }

    /// Lets go of the block before.
    private void letGo() {
        for (var column : taken == 0 ? List.<ColumnValues>of() : rows.values()) {
            column.taken(taken);
        }
        waiting -= taken;
        taken = 0;
        line = null;
    }

    private int read() {
        try {
            return rows.next();
        } catch (MillraceException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw Trouble.damaged(
                    "The %s source is damaged in %s: %s"
                            .formatted(format, rows.where(), Trouble.why(e)),
                    e);
        }
    }

    private void take(int most, int maxRecordBytes) {
        taken = most;
        var bytes = measure(most);
        if (bytes > maxRecordBytes) {
            taken = Math.max(1, fitting(most, maxRecordBytes));
            if (lineBytes(0) > maxRecordBytes) {
                endLine(line(), maxRecordBytes);
                return;
            }
            bytes = measure(taken);
        }
        length = Math.toIntExact(bytes);
    }

    private long measure(int count) {
        var bytes = (long) RowBlock.ROWS_HEAD;
        for (var column : rows.values()) {
            bytes += column.measure(count);
        }
        return bytes;
    }

    /// How many of the next rows together are no longer than a record may be.
    private int fitting(int most, int maxRecordBytes) {
        var bytes = 0L;
        for (var row = 0; row < most; row++) {
            bytes += lineBytes(row);
            if (bytes > maxRecordBytes) {
                return row;
            }
        }
        return most;
    }

    /// What a row would take as a line, without the line break.
    private long lineBytes(int row) {
        var bytes = 1L + rows.values().size();
        for (var column : rows.values()) {
            bytes += column.length(row);
        }
        return bytes;
    }

    /// The next row as an array of its values.
    private JsonText line() {
        var text = new JsonText();
        text.put('[');
        var isFirst = true;
        for (var column : rows.values()) {
            text.separate(isFirst);
            isFirst = false;
            column.append(0, text);
        }
        text.put(']');
        return text;
    }

    /// Makes a row's text the block.
    private void endLine(JsonText row, int maxRecordBytes) {
        line = row;
        if (row.length() > maxRecordBytes) {
            row.cutOff(maxRecordBytes + 1);
        }
        row.put('\n');
        length = RowBlock.LINE_HEAD + row.length();
    }

    /// How many rows the block has.
    public int rows() {
        return line == null ? taken : 1;
    }

    /// How many bytes the block takes.
    public int length() {
        return length;
    }

    /// Writes the block.
    ///
    /// @param into has room for [#length] bytes behind `from`
    public void write(byte[] into, int from) {
        if (line == null) {
            into[from] = RowBlock.ROWS;
            LittleEndian.putInt(into, from + 1, taken);
            LittleEndian.putInt(into, from + 1 + Integer.BYTES, rows.values().size());
            var at = from + RowBlock.ROWS_HEAD;
            for (var column : rows.values()) {
                at = column.write(taken, into, at);
            }
        } else {
            into[from] = RowBlock.LINE;
            LittleEndian.putInt(into, from + 1, line.length());
            System.arraycopy(line.bytes(), 0, into, from + RowBlock.LINE_HEAD, line.length());
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

package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// The rows of one sheet under its header. Rows without a cell that has a value are none.
///
/// A cell in a column without a name is written too, only where it is, under `column D`: no model
/// knows it, so that its row shows that it is wider than its header. Not thread-safe.
final class XlsxRows extends RowByRow {
    /// Among how many first rows with cells the header is looked for.
    private static final int HEAD_ROWS = 32;

    private static final int HEAD_BYTES = 1 << 20;

    private final XlsxBook book;
    private final XlsxSheet sheet;
    private final Queue<XlsxRow> head = new ArrayDeque<>();
    private final List<String> notes = new ArrayList<>();
    private final XlsxHeader header;

    private XlsxRows(XlsxBook book, SheetChoice choice) throws IOException {
        this.book = book;
        var asked = choice.sheet();
        var chosen = asked == null ? firstWithCells() : named(asked);
        this.sheet = book.open(chosen);
        if (asked == null) {
            noteOthers(chosen);
        }
        header =
                choice.columns() != null
                        ? named(choice.columns(), choice.skip() == null ? 0 : choice.skip())
                        : choice.skip() == null ? findHeader() : header(choice.skip() + 1);
    }

    static XlsxRows open(Path path, SheetChoice choice) throws IOException {
        var book = XlsxBook.open(path);
        var isOpen = false;
        try {
            var rows = new XlsxRows(book, choice);
            isOpen = true;
            return rows;
        } finally {
            if (!isOpen) {
                book.close();
            }
        }
    }

    private XlsxBook.Sheet firstWithCells() throws IOException {
        for (var each : book.sheets()) {
            if (each.isVisible() && book.hasCells(each)) {
                return each;
            }
        }
        throw new MillraceException(
                ErrorCode.EMPTY_SOURCE, "The workbook has no visible sheet with cells");
    }

    private XlsxBook.Sheet named(String asked) {
        var names = new ArrayList<String>();
        for (var each : book.sheets()) {
            if (each.name().equals(asked)) {
                return each;
            }
            names.add(each.name());
        }
        throw new MillraceException(
                ErrorCode.NOT_FOUND,
                "The workbook has no sheet '%s'; it has '%s'"
                        .formatted(asked, String.join("', '", names)),
                "Name one that it has.",
                null);
    }

    private void noteOthers(XlsxBook.Sheet chosen) throws IOException {
        var others = new ArrayList<String>();
        for (var each : book.sheets()) {
            if (!each.equals(chosen) && others.size() < 20 && book.hasCells(each)) {
                others.add("'%s'".formatted(each.name()));
            }
        }
        if (!others.isEmpty()) {
            notes.add(
                    "Sheet '%s' is read; there are others with cells: %s"
                            .formatted(chosen.name(), String.join(", ", others)));
        }
    }

    /// The first row with as many filled cells as any among the first.
    private XlsxHeader findHeader() throws IOException {
        var bytes = 0;
        var most = 0;
        for (var row = sheet.next(); row != null; row = sheet.next()) {
            head.add(row.copy());
            bytes += row.bytes();
            most = Math.max(most, row.filled());
            if (head.size() == HEAD_ROWS || bytes > HEAD_BYTES) {
                break;
            }
        }
        var above = 0;
        for (var row = head.poll(); row != null; row = head.poll()) {
            if (row.filled() == most && most > 0) {
                if (above > 0) {
                    notes.add(
                            "Row %d of sheet '%s' is taken for the header; above it %d rows are not read"
                                    .formatted(row.number(), sheet.name(), above));
                }
                return XlsxHeader.of(row, sheet.name());
            }
            above++;
        }
        throw new MillraceException(
                ErrorCode.EMPTY_SOURCE,
                "Sheet '%s' has no row with a value".formatted(sheet.name()));
    }

    private XlsxHeader header(int number) throws IOException {
        for (var row = sheet.next(); row != null; row = sheet.next()) {
            if (row.number() == number) {
                return XlsxHeader.of(row, sheet.name());
            }
            if (row.number() > number) {
                break;
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_REQUEST,
                "Row %d of sheet '%s' has no cells, so it cannot be the header"
                        .formatted(number, sheet.name()),
                "Name the row that has the columns' names, as the spreadsheet numbers it.",
                null);
    }

    /// Of a sheet without a header.
    ///
    /// @param names none for the columns' letters
    /// @param skip how many rows of the sheet are not read, empty ones counted
    private XlsxHeader named(List<String> names, int skip) throws IOException {
        var width = 0;
        var bytes = 0;
        for (var row = sheet.next(); row != null; row = sheet.next()) {
            if (row.number() <= skip) {
                continue;
            }
            head.add(row.copy());
            bytes += row.bytes();
            width = Math.max(width, row.width());
            if (head.size() == HEAD_ROWS || bytes > HEAD_BYTES) {
                break;
            }
        }
        return names.isEmpty() ? XlsxHeader.letters(width) : XlsxHeader.named(names);
    }

    @Override
    public List<String> columns() {
        return header.names();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    Found read(List<ColumnValues> into) throws IOException {
        var kept = head.poll();
        var row = kept == null ? sheet.next() : kept;
        if (row == null) {
            return Found.NOTHING;
        }
        return header.write(row, into, line()) ? Found.ROW : Found.LINE;
    }

    @Override
    public String where() {
        return "row %d of sheet '%s'".formatted(sheet.number(), sheet.name());
    }

    @Override
    public void close() throws IOException {
        try (book) {
            sheet.close();
        }
    }
}

package dev.millrace.convert;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of a sheet's columns. Immutable.
final class XlsxHeader {
    private final List<String> names = new ArrayList<>();

    /// The names as they stand in JSON, by column; null where a column has none.
    private final List<byte @Nullable []> keys = new ArrayList<>();

    private final boolean isLetters;

    private XlsxHeader(boolean isLetters) {
        this.isLetters = isLetters;
    }

    /// The names that a row has. A cell without a text gives no name.
    ///
    /// @throws MillraceException HEADER_AMBIGUOUS when a name stands there twice
    static XlsxHeader of(XlsxRow row, String sheet) {
        var header = new XlsxHeader(false);
        var places = new HashMap<String, Integer>();
        for (var i = 0; i < row.width(); i++) {
            var name = name(row, i);
            if (name.isEmpty()) {
                header.keys.add(null);
                continue;
            }
            var before = places.put(name, i);
            if (before != null) {
                throw new MillraceException(
                        ErrorCode.HEADER_AMBIGUOUS,
                        "Columns %s and %s are both named '%s', in row %d of sheet '%s'"
                                .formatted(
                                        XlsxSheet.name(before),
                                        XlsxSheet.name(i),
                                        name,
                                        row.number(),
                                        sheet),
                        "Give every column a name of its own, say which row is the header (--skip),"
                                + " or that there is none: --no-header.",
                        null);
            }
            header.names.add(name);
            header.keys.add(JsonText.key(name));
        }
        return header;
    }

    /// Columns that are named by their letters.
    static XlsxHeader letters(int width) {
        var header = new XlsxHeader(true);
        for (var i = 0; i < width; i++) {
            header.names.add(XlsxSheet.name(i));
            header.keys.add(JsonText.key(XlsxSheet.name(i)));
        }
        return header;
    }

    /// Columns that are named by the caller, from A on.
    ///
    /// @param names all different
    static XlsxHeader named(List<String> names) {
        var header = new XlsxHeader(false);
        for (var name : names) {
            header.names.add(name);
            header.keys.add(JsonText.key(name));
        }
        return header;
    }

    private static String name(XlsxRow row, int column) {
        var text = row.text(column);
        return text == null ? "" : text.strip();
    }

    List<String> names() {
        return List.copyOf(names);
    }

    /// Writes a row's values where those of its columns are.
    ///
    /// @param line what it is written to as an object instead, when there is something that no
    ///   column is meant for
    /// @return false when it is
    boolean write(XlsxRow row, List<ColumnValues> into, JsonText line) {
        if (hasExtra(row)) {
            writeObject(row, line);
            return false;
        }
        var column = 0;
        for (var i = 0; i < keys.size(); i++) {
            if (keys.get(i) != null) {
                var values = into.get(column++);
                write(row, i, values.begin());
                values.end();
            }
        }
        return true;
    }

    private static void write(XlsxRow row, int column, JsonText out) {
        if (row.has(column)) {
            row.write(column, out);
        } else {
            out.nothing();
        }
    }

    private boolean hasExtra(XlsxRow row) {
        for (var i = 0; i < row.width(); i++) {
            if (row.has(i) && isExtra(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isExtra(int column) {
        return column >= keys.size() || keys.get(column) == null;
    }

    private void writeObject(XlsxRow row, JsonText out) {
        out.put('{');
        var first = true;
        for (var i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            if (key != null) {
                out.separate(first);
                first = false;
                out.raw(key);
                write(row, i, out);
            }
        }
        for (var i = 0; i < row.width(); i++) {
            if (row.has(i) && isExtra(i)) {
                out.separate(first);
                first = false;
                out.raw(JsonText.key(extra(i)));
                row.write(i, out);
            }
        }
        out.put('}');
    }

    private String extra(int column) {
        var name = isLetters ? XlsxSheet.name(column) : "column " + XlsxSheet.name(column);
        while (!isLetters && names.contains(name)) {
            name += "_";
        }
        return name;
    }
}

package dev.millrace.convert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/// A workbook: a zip of XML parts (ECMA-376). Not thread-safe.
final class XlsxBook implements AutoCloseable {
    private static final int MAX_DIRECTORY_BYTES = 16 << 20;
    private static final int END_BYTES = 22;
    private static final int END_SIGNATURE = 0x06054B50;
    private static final int MAX_COMMENT_BYTES = 0xFFFF;
    private static final long LEAST_STRING_BYTES = 32L << 20;
    private static final int MAX_SHEETS = 10_000;

    private final ZipFile zip;
    private final List<Sheet> sheets = new ArrayList<>();
    private boolean from1904;
    private XlsxStrings strings = XlsxStrings.none();
    private List<XlsxFormat> formats = List.of();

    /// @param part the name of the part that has its rows
    record Sheet(String name, boolean isVisible, String part) {}

    private record Relation(String type, String target) {
        boolean is(String kind) {
            return type.endsWith("/" + kind);
        }
    }

    private XlsxBook(ZipFile zip) {
        this.zip = zip;
    }

    static XlsxBook open(Path path) throws IOException {
        checkDirectory(path);
        var zip = new ZipFile(path.toFile());
        var isOpen = false;
        try {
            var book = new XlsxBook(zip);
            book.read();
            isOpen = true;
            return book;
        } finally {
            if (!isOpen) {
                zip.close();
            }
        }
    }

    /// The JDK reads a zip's directory whole, as long as that may be.
    private static void checkDirectory(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var head = ByteBuffer.allocate(RowFormat.HEAD_BYTES);
            while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {}
            RowFormat.of(head.array(), head.position());
            var length = (int) Math.min(channel.size(), END_BYTES + MAX_COMMENT_BYTES);
            var tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            var from = channel.size() - length;
            while (tail.hasRemaining() && channel.read(tail, from + tail.position()) >= 0) {}
            for (var at = tail.position() - END_BYTES; at >= 0; at--) {
                if (tail.getInt(at) == END_SIGNATURE) {
                    var size = Integer.toUnsignedLong(tail.getInt(at + 12));
                    if (size > MAX_DIRECTORY_BYTES) {
                        throw new IOException(
                                "its directory is said to have %,d bytes".formatted(size));
                    }
                    return;
                }
            }
        }
        throw Trouble.damaged("The workbook does not end as a zip does: it was cut short");
    }

    List<Sheet> sheets() {
        return sheets;
    }

    XlsxSheet open(Sheet sheet) throws IOException {
        return new XlsxSheet(
                part(sheet.part), sheet.name, strings, formats, new XlsxNumber(from1904));
    }

    /// Whether a sheet has a cell with something in it.
    boolean hasCells(Sheet sheet) throws IOException {
        try (var part = part(sheet.part)) {
            for (var event = part.next();
                    event != XMLStreamConstants.END_DOCUMENT;
                    event = part.next()) {
                if (event == XMLStreamConstants.START_ELEMENT
                        && (part.isAt("v") || part.isAt("is") || part.isAt("f"))) {
                    return true;
                }
            }
            return false;
        }
    }

    private void read() throws IOException {
        var main = workbookPart();
        var relations = relations(main);
        readWorkbook(main, relations);
        for (var relation : relations.values()) {
            if (relation.is("styles")) {
                try (var part = part(relation.target)) {
                    formats = XlsxFormat.read(part);
                }
            }
            if (relation.is("sharedStrings")) {
                var most = Math.max(LEAST_STRING_BYTES, Runtime.getRuntime().maxMemory() / 8);
                try (var part = part(relation.target)) {
                    strings = XlsxStrings.read(part, most);
                }
            }
        }
    }

    private String workbookPart() throws IOException {
        for (var relation : relations("").values()) {
            if (relation.is("officeDocument")) {
                return relation.target;
            }
        }
        throw new IOException("it names no workbook");
    }

    private XlsxPart part(String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("it has no part %s".formatted(name));
        }
        return XlsxPart.open(zip, entry);
    }

    private Map<String, Relation> relations(String of) throws IOException {
        var folder = of.substring(0, of.lastIndexOf('/') + 1);
        var name = folder + "_rels/" + of.substring(folder.length()) + ".rels";
        var relations = new HashMap<String, Relation>();
        try (var part = part(name)) {
            for (var event = part.next();
                    event != XMLStreamConstants.END_DOCUMENT;
                    event = part.next()) {
                if (event == XMLStreamConstants.START_ELEMENT && part.isAt("Relationship")) {
                    var id = part.attribute("Id");
                    var type = part.attribute("Type");
                    var target = part.attribute("Target");
                    var isWithin = !"External".equals(part.attribute("TargetMode"));
                    if (id != null && type != null && target != null && isWithin) {
                        relations.put(id, new Relation(type, resolve(folder, target)));
                    }
                }
            }
        }
        return relations;
    }

    /// The name of a part that another one names, by its way from that one's folder or from the
    /// top.
    private static String resolve(String folder, String target) {
        if (target.startsWith("/")) {
            return target.substring(1);
        }
        var names = new ArrayList<String>();
        for (var name : (folder + target).split("/", -1)) {
            if (name.equals("..")) {
                if (!names.isEmpty()) {
                    names.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return String.join("/", names);
    }

    private void readWorkbook(String main, Map<String, Relation> relations) throws IOException {
        try (var part = part(main)) {
            for (var event = part.next();
                    event != XMLStreamConstants.END_DOCUMENT;
                    event = part.next()) {
                if (event != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (part.isAt("workbookPr")) {
                    var said = part.attribute("date1904");
                    from1904 = "1".equals(said) || "true".equals(said);
                } else if (part.isAt("sheet")) {
                    add(part, relations);
                }
            }
        }
    }

    private void add(XlsxPart part, Map<String, Relation> relations) throws IOException {
        var id = part.attribute("id");
        var name = part.attribute("name");
        var relation = relations.get(id == null ? "" : id);
        if (sheets.size() == MAX_SHEETS) {
            throw new IOException("it has more than %,d sheets".formatted(MAX_SHEETS));
        }
        if (relation != null && relation.is("worksheet")) {
            sheets.add(
                    new Sheet(
                            name == null ? "" : name,
                            isVisible(part.attribute("state")),
                            relation.target));
        }
    }

    private static boolean isVisible(@Nullable String state) {
        return state == null || state.equals("visible");
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}

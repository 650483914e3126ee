package dev.millrace.convert;

import java.io.IOException;
import java.util.Arrays;
import javax.xml.stream.XMLStreamConstants;

/// The texts that a workbook's cells share, as JSON. Immutable once read.
final class XlsxStrings {
    private final long most;
    private byte[] json = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private int count;

    private XlsxStrings(long most) {
        this.most = most;
    }

    static XlsxStrings none() {
        return new XlsxStrings(0);
    }

    /// @param most how many bytes they may take, with their places
    static XlsxStrings read(XlsxPart part, long most) throws IOException {
        var strings = new XlsxStrings(most);
        var text = new JsonText();
        for (var event = part.next();
                event != XMLStreamConstants.END_DOCUMENT;
                event = part.next()) {
            if (event == XMLStreamConstants.START_ELEMENT && part.isAt("si")) {
                text.clear();
                text.startValue();
                text.text(XlsxText.read(part, "si"));
                strings.add(text);
            }
        }
        return strings;
    }

    private void add(JsonText text) {
        var end = count == 0 ? 0 : ends[count - 1];
        if ((long) end + text.length() + 4L * (count + 1) > most) {
            throw Trouble.unsupported(
                    "The workbook's texts take more than %,d bytes".formatted(most),
                    "Split it into several, give the server a larger heap, or save it as CSV.");
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        if (end + text.length() > json.length) {
            json =
                    Arrays.copyOf(
                            json, (int) Math.min(Integer.MAX_VALUE - 16, 2L * end + text.length()));
        }
        System.arraycopy(text.bytes(), 0, json, end, text.length());
        ends[count++] = end + text.length();
    }

    int count() {
        return count;
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    boolean isEmpty(int index) {
        return ends[index] - start(index) == 2;
    }

    void write(int index, JsonText out) {
        out.raw(json, start(index), ends[index]);
    }
}

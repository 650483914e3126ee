package dev.millrace.convert;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// One XML part of a workbook, read event by event. It has no DTD, so no entities of its own; and
/// neither can it unpack to unboundedly more than it is, nor have a tag or a text that fills the
/// memory. Not thread-safe.
final class XlsxPart implements AutoCloseable {
    private static final XMLInputFactory XML = factory();

    private final InputStream in;
    private final XMLStreamReader reader;
    private final String name;

    private XlsxPart(InputStream in, String name) throws IOException, XMLStreamException {
        this.in = in;
        this.name = name;
        var text = XlsxEncoding.decode(in);
        this.reader =
                text == null ? XML.createXMLStreamReader(in) : XML.createXMLStreamReader(text);
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        // The JDK counts `&amp;` and its like towards these; entities of its own no part has.
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.entityExpansionLimit", "0");
        // Otherwise what is wrong is printed as well as thrown.
        factory.setXMLReporter((_, _, _, _) -> {});
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("it names another document");
        });
        return factory;
    }

    static XlsxPart open(ZipFile zip, ZipEntry entry) throws IOException {
        var in = new BufferedInputStream(new Bounded(zip.getInputStream(entry), entry));
        try {
            return new XlsxPart(in, entry.getName());
        } catch (XMLStreamException e) {
            in.close();
            throw damaged(entry.getName(), e);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static IOException damaged(String name, XMLStreamException e) {
        var message =
                e.getNestedException() instanceof CharacterCodingException
                        ? "it has bytes that are no characters in its encoding"
                        : e.getMessage();
        return new IOException(
                "part %s is not sound XML: %s"
                        .formatted(
                                name,
                                message == null ? "" : message.strip().replaceAll("\\s+", " ")),
                e);
    }

    /// Goes to the next event.
    ///
    /// @return its kind, as [XMLStreamConstants] has them; END_DOCUMENT again and again at the end
    int next() throws IOException {
        try {
            if (!reader.hasNext()) {
                return XMLStreamConstants.END_DOCUMENT;
            }
            var event = reader.next();
            if (event == XMLStreamConstants.DTD) {
                throw Trouble.damaged(
                        "The workbook's part %s declares a document type, which no workbook does"
                                .formatted(name));
            }
            return event;
        } catch (XMLStreamException e) {
            throw damaged(name, e);
        }
    }

    /// The name of the element that begins or ends, without its namespace.
    String element() {
        return reader.getLocalName();
    }

    boolean isAt(String element) {
        return reader.getLocalName().equals(element);
    }

    /// The value of an attribute, by its name without a namespace.
    @Nullable String attribute(String attribute) {
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(attribute)) {
                return reader.getAttributeValue(i);
            }
        }
        return null;
    }

    /// Adds the characters where it stands.
    void appendTo(StringBuilder text) {
        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
    }

    @Override
    public void close() throws IOException {
        try {
            reader.close();
        } catch (XMLStreamException _) {
            // Nothing more is wanted of it.
        }
        in.close();
    }

    /// What comes out of a packed part, as long as it is not absurdly much.
    private static final class Bounded extends FilterInputStream {
        /// Deflate makes at most a thousandth of anything; sheets come to a fiftieth or so.
        private static final long MAX_RATIO = 400;

        private static final long SMALL_BYTES = 64 << 20;

        /// The longest run without the beginning or end of a tag: a cell has 32,767 characters.
        private static final int MAX_RUN = 4 << 20;

        private final ZipEntry entry;
        private long count;
        private int run;

        Bounded(InputStream in, ZipEntry entry) {
            super(in);
            this.entry = entry;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            var n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var n = super.read(into, offset, length);
            if (n > 0) {
                count += n;
                checkRuns(into, offset, n);
                checkRatio();
            }
            return n;
        }

        private void checkRuns(byte[] bytes, int offset, int length) throws IOException {
            for (var i = offset; i < offset + length; i++) {
                var isTag = bytes[i] == '<' || bytes[i] == '>';
                run = isTag ? 0 : run + 1;
            }
            if (run > MAX_RUN) {
                throw new ZipException(
                        "part %s has a text or tag of more than %,d bytes"
                                .formatted(entry.getName(), MAX_RUN));
            }
        }

        private void checkRatio() throws IOException {
            var packed = Math.max(1, entry.getCompressedSize());
            if (count > SMALL_BYTES && count / packed > MAX_RATIO) {
                throw new ZipException(
                        "part %s unpacks to more than %d times its size, as no sheet does"
                                .formatted(entry.getName(), MAX_RATIO));
            }
        }
    }
}

package dev.millrace.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.CorruptDeltaByteArrays;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.values.RequiresPreviousReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// Reads a column in which nothing repeats, one entry a row, straight from the decoders of its
/// pages: Parquet's own reader of columns does for every entry what only those need that are in
/// lists. Each value that is there has to be read before it is consumed. Not thread-safe.
final class FlatReader implements ColumnReader {
    private final ColumnDescriptor column;
    private final ParquetPages pages;
    private final @Nullable ParsedVersion writer;
    private final @Nullable Dictionary dictionary;
    private final int maxDefinition;
    private long left;
    private int leftInPage;

    /// The definition levels of a page; both null where there is one level only.
    private @Nullable ValuesReader levels;

    private @Nullable RunLengthBitPackingHybridDecoder levelRuns;
    private @Nullable ValuesReader values;
    private boolean isOfDictionary;
    private int definition;

    /// The number in the dictionary of the value where it stands, if the page has such.
    private int number;

    /// @param writer what wrote the file, if it says so
    FlatReader(ColumnDescriptor column, ParquetPages pages, @Nullable ParsedVersion writer) {
        this.column = column;
        this.pages = pages;
        this.writer = writer;
        maxDefinition = column.getMaxDefinitionLevel();
        left = pages.getTotalValueCount();
        try {
            var page = pages.readDictionaryPage();
            dictionary = page == null ? null : page.getEncoding().initDictionary(column, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        consume();
    }

    /// How many values its dictionary has; 0 when there is none.
    int dictionaryValues() {
        return dictionary == null ? 0 : dictionary.getMaxId() + 1;
    }

    @Override
    public void consume() {
        if (leftInPage == 0) {
            if (left == 0) {
                return;
            }
            openPage();
        }
        left--;
        leftInPage--;
        definition = level();
        if (isOfDictionary && definition == maxDefinition) {
            number = values().readValueDictionaryId();
        }
    }

    private int level() {
        if (levelRuns != null) {
            try {
                return levelRuns.readInt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return levels == null ? 0 : levels.readInteger();
    }

    private void openPage() {
        var page = pages.readPage();
        leftInPage = page.getValueCount();
        levels = null;
        levelRuns = null;
        try {
            switch (page) {
                case DataPageV1 v1 -> {
                    var in = v1.getBytes().toInputStream();
                    if (maxDefinition > 0) {
                        levels =
                                v1.getDlEncoding()
                                        .getValuesReader(column, ValuesType.DEFINITION_LEVEL);
                        levels.initFromPage(leftInPage, in);
                    }
                    openValues(v1.getValueEncoding(), in);
                }
                case DataPageV2 v2 -> {
                    if (maxDefinition > 0) {
                        levelRuns =
                                new RunLengthBitPackingHybridDecoder(
                                        BytesUtils.getWidthFromMaxInt(maxDefinition),
                                        v2.getDefinitionLevels().toInputStream());
                    }
                    openValues(v2.getDataEncoding(), v2.getData().toInputStream());
                }
                default -> throw new IllegalStateException("A page of another version: " + page);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openValues(Encoding encoding, ByteBufferInputStream in) throws IOException {
        var before = values;
        isOfDictionary = encoding.usesDictionary();
        if (!isOfDictionary) {
            values = encoding.getValuesReader(column, ValuesType.VALUES);
        } else if (dictionary != null) {
            values = encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary);
        } else {
            throw new IOException("a page has numbers of a dictionary, and there is none");
        }
        values.initFromPage(leftInPage, in);
        if (values instanceof RequiresPreviousReader next
                && before instanceof RequiresPreviousReader
                && CorruptDeltaByteArrays.requiresSequentialReads(writer, encoding)) {
            next.setPreviousReader(before);
        }
    }

    private ValuesReader values() {
        if (values == null) {
            throw new IllegalStateException("No page is open");
        }
        return values;
    }

    /// The dictionary, when the value where it stands is one of its; else null.
    private @Nullable Dictionary ofDictionary() {
        return isOfDictionary ? dictionary : null;
    }

    @Override
    public int getCurrentDefinitionLevel() {
        return definition;
    }

    @Override
    public int getCurrentRepetitionLevel() {
        return 0;
    }

    @Override
    public int getCurrentValueDictionaryID() {
        return number;
    }

    @Override
    public boolean getBoolean() {
        var from = ofDictionary();
        return from == null ? values().readBoolean() : from.decodeToBoolean(number);
    }

    @Override
    public int getInteger() {
        var from = ofDictionary();
        return from == null ? values().readInteger() : from.decodeToInt(number);
    }

    @Override
    public long getLong() {
        var from = ofDictionary();
        return from == null ? values().readLong() : from.decodeToLong(number);
    }

    @Override
    public float getFloat() {
        var from = ofDictionary();
        return from == null ? values().readFloat() : from.decodeToFloat(number);
    }

    @Override
    public double getDouble() {
        var from = ofDictionary();
        return from == null ? values().readDouble() : from.decodeToDouble(number);
    }

    @Override
    public Binary getBinary() {
        var from = ofDictionary();
        return from == null ? values().readBytes() : from.decodeToBinary(number);
    }

    @Override
    public ColumnDescriptor getDescriptor() {
        return column;
    }

    @Override
    @Deprecated
    public long getTotalValueCount() {
        return pages.getTotalValueCount();
    }

    /// What is read goes into no converter.
    @Override
    public void writeCurrentValueToConverter() {
        throw new UnsupportedOperationException();
    }

    /// No value is left out.
    @Override
    public void skip() {
        throw new UnsupportedOperationException();
    }
}

package dev.millrace.format;

import dev.millrace.core.Escape;
import dev.millrace.core.SourceReading;
import dev.millrace.format.RecordScanner.Step;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Counts the records that a reader would find in texts that follow one another behind a source's
/// header: texts that were no neighbours in their source may read as one there, where a quote that
/// does not close in one closes in another. Keeps no more than the last text and a record. Not
/// thread-safe.
public final class RecordCount {
    private final RecordScanner scanner;
    private final byte lineBreak;
    private byte[] buffer = new byte[0];
    private int filled;
    private boolean dropping;
    private long records;

    /// @param maxRecordBytes the same as where the source was cut
    public RecordCount(SourceReading reading, int maxRecordBytes) {
        scanner = new RecordScanner(reading.dialect(), reading.header().size(), maxRecordBytes);
        scanner.standAt(0);
        lineBreak = (byte) reading.dialect().lineBreak();
    }

    /// Whether texts of such a source can grow together: nothing but a line break ends a record
    /// where there are no quotes and no escapes.
    public static boolean isNeeded(SourceReading reading) {
        return reading.format().isDelimited()
                && (reading.dialect().hasQuote() || reading.dialect().escape() != Escape.NONE);
    }

    /// @param text in UTF-8
    public void add(ByteBuffer text) {
        var from = scanner.next();
        var kept = filled - from;
        var grown = Arrays.copyOfRange(buffer, from, from + kept + text.remaining());
        text.duplicate().get(grown, kept, text.remaining());
        scanner.moved(from);
        buffer = grown;
        filled = grown.length;
        scan(false);
    }

    /// How many there are. Nothing may be added after that.
    public long end() {
        scan(true);
        return records;
    }

    private void scan(boolean ended) {
        while (!dropping || drop()) {
            var step = scanner.next(buffer, filled, ended);
            if (step == Step.MORE) {
                return;
            }
            dropping = step == Step.CLIPPED;
            if (step != Step.BLANK) {
                records++;
            }
        }
    }

    /// Goes on behind the line break of a line that was too long.
    ///
    /// @return false when that has not come yet
    private boolean drop() {
        var at = scanner.next();
        while (at < filled && buffer[at] != lineBreak) {
            at++;
        }
        dropping = at == filled;
        scanner.standAt(dropping ? at : at + 1);
        return !dropping;
    }
}

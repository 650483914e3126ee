package dev.millrace.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// A form's body, of which not much may come, nor for long, before its file begins: nobody else
/// counts what stands above the parts. Not thread-safe.
final class FormHead extends FilterInputStream {
    private final int mostBytes;
    private final int aheadBytes;
    private final Duration limit;
    private final long begunNanos = System.nanoTime();
    private long bytes;
    private boolean over;

    /// @param mostBytes how many may come before the file begins
    /// @param aheadBytes how many its reader may read ahead, so that they are of the file perhaps
    /// @param limit how long that may take; looked at whenever bytes come
    FormHead(InputStream body, int mostBytes, int aheadBytes, Duration limit) {
        super(body);
        this.mostBytes = mostBytes;
        this.aheadBytes = aheadBytes;
        this.limit = limit;
    }

    /// The file begins: from here on everything passes.
    void end() {
        over = true;
    }

    @Override
    public int read() throws IOException {
        var one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        count(Math.max(0, n));
        return n;
    }

    private void count(int n) {
        if (over) {
            return;
        }
        bytes += n;
        if (bytes > (long) mostBytes + aheadBytes) {
            throw UploadForm.malformed(
                    "The form has more than %,d bytes before its file".formatted(mostBytes), null);
        }
        if (System.nanoTime() - begunNanos > limit.toNanos()) {
            throw UploadForm.malformed(
                    "The form's file has not begun within %d s".formatted(limit.toSeconds()), null);
        }
    }
}

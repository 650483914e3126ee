package dev.millrace.cli;

/// How far the upload of a job's sources is, all of them together. For one thread.
final class UploadProgress implements Upload.Progress {
    private final Watch watch;
    private final SourceList sources;
    private final long allBytes;
    private int current;
    private long before;
    private long ofCurrent;

    /// @param watch shows it
    UploadProgress(Watch watch, SourceList sources) {
        this.watch = watch;
        this.sources = sources;
        this.allBytes = sources.isOne() ? -1 : all(sources);
    }

    /// How long all of them are, or -1 when that is not known of one.
    private static long all(SourceList sources) {
        var all = 0L;
        for (var source : sources.sources()) {
            var bytes = source.bytes();
            if (bytes < 0) {
                return -1;
            }
            all += bytes;
        }
        return all;
    }

    /// Goes on to a source.
    void begin(int ordinal) {
        before += ofCurrent;
        ofCurrent = 0;
        current = ordinal;
    }

    /// What another has sent before.
    void skip(long bytes) {
        before += Math.max(0, bytes);
    }

    @Override
    public void sent(long bytes, long total) {
        ofCurrent = bytes;
        if (sources.isOne()) {
            watch.uploaded(bytes, total);
        } else {
            var name = sources.sources().get(current).name();
            watch.uploaded(
                    before + bytes,
                    allBytes,
                    "  %s (%d of %d)".formatted(name, current + 1, sources.sources().size()));
        }
    }
}

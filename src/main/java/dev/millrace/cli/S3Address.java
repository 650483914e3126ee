package dev.millrace.cli;

/// A source that the server fetches from an S3: `s3://BUCKET/KEY`.
final class S3Address {
    private static final String SCHEME = "s3://";

    private S3Address() {}

    /// Whether a command means one and no file.
    static boolean isOne(String source) {
        return source.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /// The last part of its key.
    static String name(String source) {
        var name = source.substring(source.lastIndexOf('/') + 1);
        return name.isBlank() ? source : name;
    }
}

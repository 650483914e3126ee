package dev.millrace.core;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An object of an object store, or a place in one: `s3://BUCKET/KEY`. The key is taken as it
/// stands, nothing in it is decoded.
///
/// @param bucket not empty
/// @param key may be empty, or the beginning of others
public record ObjectName(String bucket, String key) {
    private static final String SCHEME = "s3://";
    private static final int MAX_KEY_BYTES = 1024;
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

    /// Whether a text means one and no file.
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /// @throws MillraceException INVALID_REQUEST
    public static ObjectName parse(String text) {
        var wrong = wrong(text);
        if (wrong != null) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' is no address of an object: %s".formatted(text, wrong),
                    "Write it like s3://bucket/folder/file.csv.",
                    null);
        }
        var rest = text.substring(SCHEME.length());
        var slash = rest.indexOf('/');
        return slash < 0
                ? new ObjectName(rest, "")
                : new ObjectName(rest.substring(0, slash), rest.substring(slash + 1));
    }

    private static @Nullable String wrong(String text) {
        if (!isOne(text)) {
            return "it does not begin with s3://";
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            return "it has a control character";
        }
        var rest = text.substring(SCHEME.length());
        var bucket = rest.split("/", 2)[0];
        if (!BUCKET.matcher(bucket).matches()) {
            return "'%s' cannot name a bucket".formatted(bucket);
        }
        return text.length() > MAX_KEY_BYTES + SCHEME.length() + bucket.length() + 1
                ? "its key is longer than %d bytes".formatted(MAX_KEY_BYTES)
                : null;
    }

    /// What stands behind the last `/` of its key, or the bucket when nothing does.
    public String last() {
        var name = key.substring(key.lastIndexOf('/') + 1);
        return name.isEmpty() ? bucket : name;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}

package dev.millrace.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What a file of rejected rows is called: `rounds.rejected.csv` when they are of `rounds.csv.gz`.
record RejectedFileName(String text) {
    private static final Pattern PACKED = Pattern.compile("(?i)\\.gz$");
    private static final Pattern EXTENSION = Pattern.compile("\\.([A-Za-z0-9]{1,8})$");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9._ -]");
    private static final int MAX_CHARACTERS = 150;

    /// @param source the source's name, which may have folders before it
    static RejectedFileName of(String source) {
        var slash = Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\'));
        var name = PACKED.matcher(source.substring(slash + 1)).replaceFirst("");
        var extension = EXTENSION.matcher(name);
        var known = extension.find() && extension.start() > 0;
        var stem = known ? name.substring(0, extension.start()) : name;
        var end =
                stem.offsetByCodePoints(
                        0, Math.min(MAX_CHARACTERS, stem.codePointCount(0, stem.length())));
        var kept = stem.isBlank() ? "source" : stem.substring(0, end);
        return new RejectedFileName(kept + ".rejected." + (known ? extension.group(1) : "csv"));
    }

    /// The value of `Content-Disposition` (RFC 6266), for old readers in ASCII too.
    String attachment() {
        var encoded =
                URLEncoder.encode(text, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A");
        return "attachment; filename=\"%s\"; filename*=UTF-8''%s"
                .formatted(NOT_PLAIN.matcher(text).replaceAll("_"), encoded);
    }
}

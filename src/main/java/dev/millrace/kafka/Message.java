package dev.millrace.kafka;

import dev.millrace.core.Announcement;
import dev.millrace.core.JobId;
import dev.millrace.core.SplitId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How an announcement looks in the topic: one line of text that `kcat` shows as it is,
///
/// ```
/// 1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 17 1
/// ```
///
/// which is the form's version, the job, the source, the split's number and the attempt.
final class Message {
    private static final String VERSION = "1";
    private static final Pattern FORM =
            Pattern.compile(
                    VERSION
                            + " ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
                            + " (\\d{1,9}) (\\d{1,9}) (\\d{1,9})");

    private Message() {}

    static byte[] write(Announcement announcement) {
        var split = announcement.split();
        return "%s %s %d %d %d"
                .formatted(
                        VERSION,
                        split.job().uuid(),
                        split.source(),
                        split.number(),
                        announcement.attempt())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// What a message says, or nothing when it is none of ours.
    static Optional<Announcement> read(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        var m = FORM.matcher(new String(value, StandardCharsets.ISO_8859_1));
        if (!m.matches()) {
            return Optional.empty();
        }
        var job = new JobId(UUID.fromString(m.group(1)));
        var split = new SplitId(job, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
        return Optional.of(new Announcement(split, Integer.parseInt(m.group(4))));
    }
}

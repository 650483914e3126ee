package dev.millrace.format;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceRecord;
import java.util.LinkedHashSet;
import java.util.List;

/// The keys of the first objects of a source of JSON Lines, in the order in which they appear.
final class JsonHeader {
    private static final int MOST_KEYS = 10_000;

    private JsonHeader() {}

    /// @param to the byte after the last whole line
    /// @throws MillraceException SOURCE_DAMAGED when there are lines and none is an object with
    ///   keys
    static List<String> read(byte[] bytes, int from, int to, int maxRecordBytes) {
        var keys = new LinkedHashSet<String>();
        var reader =
                new JsonRecords(
                        bytes,
                        from,
                        to - from,
                        List.of(),
                        1,
                        maxRecordBytes,
                        key -> {
                            if (keys.size() < MOST_KEYS) {
                                keys.add(key);
                            }
                            return false;
                        });
        var record = new SourceRecord();
        var problem = "";
        while (reader.next(record)) {
            if (problem.isEmpty()) {
                problem =
                        record.malformed.isEmpty()
                                ? "The first object has no keys"
                                : record.malformed;
            }
        }
        if (keys.isEmpty() && !problem.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.SOURCE_DAMAGED,
                    "None of the first lines is a JSON object with keys. Of the first: " + problem,
                    "Check that the file has one JSON object in each line, or say its --format.",
                    null);
        }
        return List.copyOf(keys);
    }
}

package dev.millrace.validate;

import dev.millrace.core.RejectedRecords;
import dev.millrace.core.Rejection;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.RejectionCount;
import dev.millrace.core.SourceRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The problems of one split's records: all of them counted, the first ones kept. Not thread-safe.
final class Rejections {
    private record Key(RejectionCode error, String column) {}

    private final int sourceOrdinal;
    private final int eventIdField;
    private final int headerFields;
    private final int maxKept;
    private final List<Rejection> kept = new ArrayList<>();
    private final RejectedRecords.Builder records = new RejectedRecords.Builder();
    private final Map<Key, Long> counts = new LinkedHashMap<>();
    private long rows;
    private boolean firstOfRow;

    /// @param eventIdField the field that names a row, or -1
    /// @param headerFields how many fields the header has
    Rejections(int sourceOrdinal, int eventIdField, int headerFields, int maxKept) {
        this.sourceOrdinal = sourceOrdinal;
        this.eventIdField = eventIdField;
        this.headerFields = headerFields;
        this.maxKept = maxKept;
    }

    /// Begins the problems of a row.
    void beginRow() {
        rows++;
        firstOfRow = true;
    }

    /// A field that its column cannot hold.
    void addField(SourceRecord record, ColumnReader reader, int field, RejectionCode why) {
        var column = reader.column();
        var start = record.starts[field];
        var end = record.ends[field];
        var error = Utf8.isValid(record.bytes, start, end) ? why : RejectionCode.INVALID_ENCODING;
        if (count(error, column.name())) {
            var observed = observed(record, field);
            var message = reader.message(error, observed);
            keep(record, column.name(), reader.typeName(), error, observed, message);
        }
    }

    /// A column of the model that the header has and the record does not.
    void addMissing(SourceRecord record, ColumnReader reader) {
        var column = reader.column();
        addMissing(record, column.name(), reader.typeName(), !column.isOptional());
    }

    /// A field of the header that the model does not want and the record does not have. Nothing
    /// limits the length of its name, and names that begin alike for long are counted as one.
    void addMissing(SourceRecord record, String name) {
        addMissing(record, FieldText.cut(name, Rejection.MAX_OBSERVED), "", false);
    }

    private void addMissing(SourceRecord record, String name, String type, boolean required) {
        if (count(RejectionCode.MISSING_COLUMN, name)) {
            var message = Wording.ofMissing(name, required, record.fields, headerFields);
            keep(record, name, type, RejectionCode.MISSING_COLUMN, "", message);
        }
    }

    /// Fields beyond the header's last.
    void addExtra(SourceRecord record) {
        if (count(RejectionCode.EXTRA_COLUMN, "")) {
            var message = Wording.ofExtra(record.fields, headerFields);
            var observed = observed(record, headerFields);
            keep(record, "", "", RejectionCode.EXTRA_COLUMN, observed, message);
        }
    }

    /// A record whose fields cannot be told apart.
    void addMalformed(SourceRecord record) {
        if (count(RejectionCode.MALFORMED_RECORD, "")) {
            var observed = raw(record, Rejection.MAX_OBSERVED);
            keep(record, "", "", RejectionCode.MALFORMED_RECORD, observed, record.malformed);
        }
    }

    List<Rejection> kept() {
        return kept;
    }

    /// The records that the kept problems are about.
    RejectedRecords records() {
        return records.build();
    }

    /// The rows with at least one problem.
    long rows() {
        return rows;
    }

    List<RejectionCount> counts() {
        return counts.entrySet().stream()
                .map(e -> new RejectionCount(e.getKey().error(), e.getKey().column(), e.getValue()))
                .toList();
    }

    /// Counts a problem and tells whether it is to be kept.
    private boolean count(RejectionCode error, String column) {
        counts.merge(new Key(error, column), 1L, Long::sum);
        return kept.size() < maxKept;
    }

    private void keep(
            SourceRecord record,
            String column,
            String type,
            RejectionCode error,
            String observed,
            String message) {
        kept.add(
                new Rejection(
                        sourceOrdinal,
                        record.row,
                        eventId(record),
                        column,
                        type,
                        error,
                        observed,
                        message,
                        firstOfRow ? raw(record, Rejection.MAX_RAW) : ""));
        if (firstOfRow) {
            records.add(record.raw, record.rawStart, record.rawNext);
        }
        firstOfRow = false;
    }

    private String eventId(SourceRecord record) {
        // A malformed record has no fields that could be trusted.
        var there = eventIdField >= 0 && eventIdField < record.fields && record.malformed.isEmpty();
        return there ? observed(record, eventIdField) : "";
    }

    private static String observed(SourceRecord record, int field) {
        return FieldText.of(
                record.bytes, record.starts[field], record.ends[field], Rejection.MAX_OBSERVED);
    }

    private static String raw(SourceRecord record, int limit) {
        return FieldText.of(record.raw, record.rawStart, record.rawEnd, limit);
    }
}

package dev.millrace.convert;

import java.util.List;

/// A group of fields: an object.
///
/// @param keys the fields' names as they stand in JSON
/// @param definition the level at which the group is there
record ParquetStruct(List<byte[]> keys, List<ParquetField> fields, int definition)
        implements ParquetField {
    @Override
    public void write(JsonText out) {
        if (definition > 0 && isBelow(definition)) {
            out.nothing();
            skip();
            return;
        }
        out.put('{');
        for (var i = 0; i < fields.size(); i++) {
            out.separate(i == 0);
            out.raw(keys.get(i));
            fields.get(i).write(out);
        }
        out.put('}');
    }

    @Override
    public void skip() {
        fields.forEach(ParquetField::skip);
    }

    @Override
    public boolean isBelow(int level) {
        return agreed(f -> f.isBelow(level));
    }

    @Override
    public boolean repeats(int level) {
        return agreed(f -> f.repeats(level));
    }

    private interface Question {
        boolean of(ParquetField field);
    }

    private boolean agreed(Question question) {
        var first = question.of(fields.getFirst());
        for (var i = 1; i < fields.size(); i++) {
            if (question.of(fields.get(i)) != first) {
                throw Trouble.damaged(
                        "The Parquet source is damaged: columns of one group disagree on where"
                                + " it has a value");
            }
        }
        return first;
    }

    @Override
    public void open(ParquetGroups.Columns columns) {
        fields.forEach(f -> f.open(columns));
    }

    @Override
    public void end() {
        fields.forEach(ParquetField::end);
    }
}

package dev.millrace.convert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;

/// The fields that a Parquet file's schema names.
///
/// Lists and maps are found by Parquet's rules, those for files of older writers included
/// (<https://parquet.apache.org/docs/file-format/types/logicaltypes/>).
final class ParquetSchema {
    private static final int MAX_DEPTH = 64;

    private final List<SchemaElement> elements;
    private final List<String> path = new ArrayList<>();
    private int at;

    private ParquetSchema(List<SchemaElement> elements) {
        this.elements = elements;
    }

    /// What is to be read of a file.
    ///
    /// @param names of the columns, in their order
    record Fields(List<String> names, List<ParquetField> fields) {}

    static Fields read(List<SchemaElement> elements) {
        return new ParquetSchema(elements).read();
    }

    /// A column's name as a person would write it: `address.street`.
    static String name(ColumnDescriptor column) {
        return String.join(".", column.getPath());
    }

    private Fields read() {
        var count = children(take());
        var names = new ArrayList<String>();
        var fields = new ArrayList<ParquetField>();
        var seen = new HashSet<String>();
        for (var i = 0; i < count; i++) {
            var name = nextName();
            if (!seen.add(name)) {
                throw Trouble.unsupported(
                        "The Parquet source has two columns with the name '%s'".formatted(name),
                        "Give each column a name of its own.");
            }
            names.add(name);
            fields.add(field(0, 0));
        }
        if (at != elements.size()) {
            throw broken("has more fields than it says");
        }
        if (fields.isEmpty()) {
            throw Trouble.unsupported(
                    "The Parquet source has no columns", "Write it with at least one.");
        }
        return new Fields(List.copyOf(names), List.copyOf(fields));
    }

    private static RuntimeException broken(String how) {
        return Trouble.damaged("The Parquet source is damaged: its schema %s".formatted(how));
    }

    private SchemaElement take() {
        if (at >= elements.size()) {
            throw broken("has fewer fields than it says");
        }
        return elements.get(at++);
    }

    private String nextName() {
        return name(elements.get(Math.min(at, elements.size() - 1)));
    }

    /// Every field has a name: a file in which one has none could not be read.
    private static String name(SchemaElement element) {
        return String.valueOf(element.getName());
    }

    private int children(SchemaElement group) {
        var count = group.isSetNum_children() ? group.getNum_children() : 0;
        if (count < 0 || count > elements.size() - at) {
            throw broken("has a group of %,d fields".formatted(count));
        }
        return count;
    }

    private static boolean isGroup(SchemaElement element) {
        return !element.isSetType();
    }

    private static boolean isRepeated(SchemaElement element) {
        return element.getRepetition_type() == FieldRepetitionType.REPEATED;
    }

    /// How deep what an element has stands, given what is above it.
    private static int definition(SchemaElement element, int above) {
        return element.getRepetition_type() == FieldRepetitionType.REQUIRED ? above : above + 1;
    }

    /// A field that may repeat: as an array of itself.
    private ParquetField field(int definition, int repetition) {
        var element = take();
        if (!element.isSetRepetition_type()) {
            throw broken("does not say whether '%s' repeats".formatted(element.getName()));
        }
        if (path.size() >= MAX_DEPTH) {
            throw Trouble.unsupported(
                    "The Parquet source nests its fields more than %d deep".formatted(MAX_DEPTH),
                    "Write it with flatter columns.");
        }
        path.add(name(element));
        try {
            var own = definition(element, definition);
            if (!isRepeated(element)) {
                return once(element, own, repetition);
            }
            var each = once(element, own, repetition + 1);
            return new ParquetList(
                    ParquetList.Kind.LIST, each, null, name(), definition, own, repetition + 1);
        } finally {
            path.removeLast();
        }
    }

    private String name() {
        return String.join(".", path);
    }

    /// What stands in one place of a field: a value, or a group. The element is taken already.
    ///
    /// @param definition the level at which it is there
    /// @param repetition how many levels repeat, down to it
    private ParquetField once(SchemaElement element, int definition, int repetition) {
        if (!isGroup(element)) {
            return column(element, definition, repetition);
        }
        var count = children(element);
        if (count == 0) {
            throw Trouble.unsupported(
                    "Column %s is a group without fields".formatted(name()),
                    "Leave the column out.");
        }
        ParquetTypes.checkGroup(element, name());
        if (count == 1 && isRepeated(elements.get(at))) {
            if (ParquetTypes.isMap(element) && isPair(at)) {
                return map(definition, repetition);
            }
            if (ParquetTypes.isList(element)) {
                return list(element, definition, repetition);
            }
        }
        return struct(count, definition, repetition);
    }

    private boolean isPair(int at) {
        var pair = elements.get(at);
        if (!isGroup(pair) || pair.getNum_children() != 2 || at + 2 >= elements.size()) {
            return false;
        }
        var key = elements.get(at + 1);
        return !isGroup(key) && !isRepeated(key);
    }

    private ParquetStruct struct(int count, int definition, int repetition) {
        var keys = new ArrayList<byte[]>();
        var fields = new ArrayList<ParquetField>();
        var seen = new HashSet<String>();
        for (var i = 0; i < count; i++) {
            var name = nextName();
            if (!seen.add(name)) {
                throw Trouble.unsupported(
                        "Column %s has two fields with the name '%s'".formatted(name(), name),
                        "Give each field a name of its own.");
            }
            keys.add(JsonText.key(name));
            fields.add(field(definition, repetition));
        }
        return new ParquetStruct(keys, fields, definition);
    }

    private ParquetField map(int definition, int repetition) {
        var pair = take();
        path.add(name(pair));
        try {
            var keyType = elements.get(at);
            var kind =
                    ParquetTypes.isText(keyType)
                            ? ParquetList.Kind.MEMBERS
                            : ParquetList.Kind.PAIRS;
            var key = field(definition + 1, repetition + 1);
            var value = field(definition + 1, repetition + 1);
            return new ParquetList(
                    kind, key, value, name(), definition, definition + 1, repetition + 1);
        } finally {
            path.removeLast();
        }
    }

    private ParquetField list(SchemaElement list, int definition, int repetition) {
        var repeated = elements.get(at);
        var each =
                isElement(list, repeated)
                        ? element(definition + 1, repetition + 1)
                        : within(definition + 1, repetition + 1);
        return new ParquetList(
                ParquetList.Kind.LIST,
                each,
                null,
                name(),
                definition,
                definition + 1,
                repetition + 1);
    }

    /// Whether what repeats is itself the list's element, and not a group around it.
    private boolean isElement(SchemaElement list, SchemaElement repeated) {
        if (!isGroup(repeated) || repeated.getNum_children() != 1) {
            return true;
        }
        var isRepeatedWithin = at + 1 < elements.size() && isRepeated(elements.get(at + 1));
        return name(repeated).equals("array")
                || name(repeated).equals(name(list) + "_tuple")
                || (isRepeatedWithin
                        && !ParquetTypes.isList(repeated)
                        && !ParquetTypes.isMap(repeated));
    }

    private ParquetField element(int definition, int repetition) {
        var repeated = take();
        path.add(name(repeated));
        try {
            return once(repeated, definition, repetition);
        } finally {
            path.removeLast();
        }
    }

    private ParquetField within(int definition, int repetition) {
        path.add(name(take()));
        try {
            return field(definition, repetition);
        } finally {
            path.removeLast();
        }
    }

    private ParquetField column(SchemaElement element, int definition, int repetition) {
        var type = element.getType();
        if (type == null) {
            throw broken("has a type that is unknown, of '%s'".formatted(name()));
        }
        var length = element.isSetType_length() ? element.getType_length() : 0;
        if (type == Type.FIXED_LEN_BYTE_ARRAY && (length <= 0 || length > 1 << 20)) {
            throw broken("has values of %,d bytes, of '%s'".formatted(length, name()));
        }
        var primitive =
                new PrimitiveType(Repetition.REQUIRED, physical(type), length, name(element));
        var descriptor =
                new ColumnDescriptor(
                        path.toArray(String[]::new), primitive, repetition, definition);
        return new ParquetColumn(descriptor, ParquetTypes.value(element, type, name()));
    }

    private static PrimitiveTypeName physical(Type type) {
        return switch (type) {
            case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
            case INT32 -> PrimitiveTypeName.INT32;
            case INT64 -> PrimitiveTypeName.INT64;
            case INT96 -> PrimitiveTypeName.INT96;
            case FLOAT -> PrimitiveTypeName.FLOAT;
            case DOUBLE -> PrimitiveTypeName.DOUBLE;
            case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
            case FIXED_LEN_BYTE_ARRAY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        };
    }
}

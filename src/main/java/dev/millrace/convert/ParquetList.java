package dev.millrace.convert;

import org.jspecify.annotations.Nullable;

/// What repeats: an array; or, of keys and values, an object when its keys are texts, else an array
/// of pairs.
final class ParquetList implements ParquetField {
    /// How the elements stand.
    enum Kind {
        LIST,
        /// Pairs, as members of an object.
        MEMBERS,
        /// Pairs, as arrays.
        PAIRS
    }

    private final Kind kind;
    private final ParquetField element;
    private final @Nullable ParquetField value;
    private final String name;
    private final int definition;
    private final int elementDefinition;
    private final int repetition;

    /// @param element or the key
    /// @param value null in a list
    /// @param definition the level at which the list is there
    /// @param elementDefinition the level at which it has an element
    /// @param repetition the level that a further element has
    ParquetList(
            Kind kind,
            ParquetField element,
            @Nullable ParquetField value,
            String name,
            int definition,
            int elementDefinition,
            int repetition) {
        this.kind = kind;
        this.element = element;
        this.value = value;
        this.name = name;
        this.definition = definition;
        this.elementDefinition = elementDefinition;
        this.repetition = repetition;
    }

    @Override
    public void write(JsonText out) {
        if (isBelow(definition)) {
            out.nothing();
            skip();
            return;
        }
        out.put(kind == Kind.MEMBERS ? '{' : '[');
        if (isBelow(elementDefinition)) {
            skip();
        } else {
            var first = true;
            do {
                out.separate(first);
                first = false;
                writeElement(out);
            } while (repeats(repetition));
        }
        out.put(kind == Kind.MEMBERS ? '}' : ']');
    }

    private void writeElement(JsonText out) {
        if (value == null) {
            element.write(out);
        } else if (kind == Kind.MEMBERS) {
            if (element.isBelow(elementDefinition)
                    || (element instanceof ParquetColumn key
                            && key.isBelow(key.descriptor().getMaxDefinitionLevel()))) {
                throw Trouble.unsupported(
                        "Column %s has a map with a key that is null".formatted(name),
                        "Leave that entry out.");
            }
            element.write(out);
            out.put(':');
            value.write(out);
        } else {
            out.put('[');
            element.write(out);
            out.put(',');
            value.write(out);
            out.put(']');
        }
    }

    @Override
    public void skip() {
        element.skip();
        if (value != null) {
            value.skip();
        }
    }

    @Override
    public boolean isBelow(int level) {
        return agreed(element.isBelow(level), value == null || value.isBelow(level));
    }

    @Override
    public boolean repeats(int level) {
        return agreed(element.repeats(level), value == null || value.repeats(level));
    }

    private boolean agreed(boolean ofElement, boolean ofValue) {
        if (value != null && ofElement != ofValue) {
            throw Trouble.damaged(
                    "The Parquet source is damaged: keys and values of %s disagree on where it has"
                                    .formatted(name)
                            + " an entry");
        }
        return ofElement;
    }

    @Override
    public void open(ParquetGroups.Columns columns) {
        element.open(columns);
        if (value != null) {
            value.open(columns);
        }
    }

    @Override
    public void end() {
        element.end();
        if (value != null) {
            value.end();
        }
    }
}

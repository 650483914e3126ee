package dev.millrace.validate;

/// Finds the elements in the text of an array, as [ArrayParser] reads one that holds no arrays. Not
/// thread-safe.
public final class ArrayElements {
    private final ElementText text = new ElementText();

    /// Hears of an array's elements, one after the other.
    @FunctionalInterface
    public interface Visitor {
        /// @param quoted whether quotes stood around it; `NULL` without them is no value
        void visit(byte[] bytes, int start, int end, boolean quoted, boolean isNull);
    }

    /// Whether the text is an array, as far as can be said without a type.
    public boolean isArray(byte[] bytes, int start, int end) {
        return visit(bytes, start, end, (_, _, _, _, _) -> {});
    }

    /// Visits the elements of an array; of a text that is none, perhaps some.
    ///
    /// @return whether it is an array
    public boolean visit(byte[] bytes, int start, int end, Visitor visitor) {
        if (end - start < 2 || bytes[start] != '[' || bytes[end - 1] != ']') {
            return false;
        }
        var i = skipBlanks(bytes, start + 1, end);
        if (bytes[i] == ']') {
            return i + 1 == end;
        }
        while (i < end) {
            if (bytes[i] == '[') {
                return false;
            }
            i = text.find(bytes, i, end);
            if (i < 0 || (!text.isQuoted() && text.start() == text.end())) {
                return false;
            }
            visitor.visit(text.bytes(), text.start(), text.end(), text.isQuoted(), text.isNull());
            i = skipBlanks(bytes, i, end);
            if (i < end && bytes[i] == ']') {
                return i + 1 == end;
            }
            if (i == end || bytes[i] != ',') {
                return false;
            }
            i = skipBlanks(bytes, i + 1, end);
        }
        return false;
    }

    private static int skipBlanks(byte[] bytes, int start, int end) {
        var i = start;
        while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i;
    }
}

package dev.millrace.core;

import dev.millrace.core.ColumnType.Enumeration;
import dev.millrace.core.ColumnType.Enumeration.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// The enumerations as ClickHouse writes them: `Enum8('a' = 1, 'b' = 2)`; numbers may be left out
/// behind the first, which is 1 unless it is given, and then count on. `Enum` is an Enum8, or an
/// Enum16 when a number is too large for that.
final class EnumNames {
    private EnumNames() {}

    static Enumeration type(TypeText text) {
        var elements = elements(text);
        var bits = bits(text.name(), elements);
        requireDistinct(text.name(), elements);
        elements.sort(Comparator.comparingInt(Element::number));
        return new Enumeration(bits, elements);
    }

    private static List<Element> elements(TypeText text) {
        var arguments = text.arguments();
        var numbered = arguments.stream().filter(a -> a instanceof TypeText.Named).count();
        var all = numbered == arguments.size();
        var first = numbered == 1 && arguments.getFirst() instanceof TypeText.Named;
        if (!all && !first && numbered > 0) {
            throw fault(text.name(), "give every name a number, or only the first, or none");
        }
        var elements = new ArrayList<Element>();
        var next = 1L;
        for (var argument : arguments) {
            var name =
                    switch (argument) {
                        case TypeText.Named(String value, long number) -> {
                            next = number;
                            yield value;
                        }
                        case TypeText.Quoted(String value) -> value;
                        case TypeText.Type _, TypeText.Numeral _ -> throw noNames(text.name());
                    };
            if (next != (short) next) {
                throw outOfRange(text.name(), name, next, Short.SIZE);
            }
            elements.add(new Element(name, (int) next++));
        }
        if (elements.isEmpty()) {
            throw noNames(text.name());
        }
        return elements;
    }

    private static int bits(String type, List<Element> elements) {
        var large = elements.stream().filter(e -> e.number() != (byte) e.number()).findFirst();
        if (type.equals("Enum8") && large.isPresent()) {
            throw outOfRange(type, large.get().name(), large.get().number(), Byte.SIZE);
        }
        return type.equals("Enum16") || large.isPresent() ? Short.SIZE : Byte.SIZE;
    }

    private static void requireDistinct(String type, List<Element> elements) {
        var names = new HashSet<String>();
        var numbers = new HashSet<Integer>();
        for (var element : elements) {
            if (!names.add(element.name())) {
                throw fault(type, "the name '%s' is there twice".formatted(element.name()));
            }
            if (!numbers.add(element.number())) {
                throw fault(type, "the number %d is there twice".formatted(element.number()));
            }
        }
    }

    private static MillraceException noNames(String type) {
        return fault(type, "it takes names in quotes, as in %s('a' = 1, 'b' = 2)".formatted(type));
    }

    private static MillraceException outOfRange(String type, String name, long number, int bits) {
        var limit = 1 << (bits - 1);
        return fault(
                type,
                "the number %d of '%s' is not from %d to %d"
                        .formatted(number, name, -limit, limit - 1));
    }

    private static MillraceException fault(String type, String what) {
        return ColumnTypes.invalid("No %s can be made of this: %s".formatted(type, what));
    }
}

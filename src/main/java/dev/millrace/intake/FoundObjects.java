package dev.millrace.intake;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.Pull;
import dev.millrace.core.StoredObject;
import java.util.List;

/// What an address or a pattern means.
final class FoundObjects {
    private FoundObjects() {}

    /// @return one at least, in the order of their keys' UTF-8 bytes
    /// @throws MillraceException INVALID_REQUEST, OBJECT_MISSING; as the store does
    static List<Pull.OfObject> of(ObjectStores.Opened opened, String uri) {
        return objects(opened, ObjectName.parse(uri)).stream()
                .map(object -> new Pull.OfObject(opened.connection(), object))
                .toList();
    }

    private static List<StoredObject> objects(ObjectStores.Opened opened, ObjectName name) {
        if (name.key().isEmpty() || name.key().endsWith("/")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' names no object".formatted(name),
                    "Name one, or write a pattern such as %s*.csv.".formatted(name),
                    null);
        }
        if (!ObjectMatches.isPattern(name)) {
            return List.of(opened.store().look(name));
        }
        var found = ObjectMatches.of(opened.store(), name);
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.OBJECT_MISSING,
                    "No object matches %s".formatted(name),
                    "* stands for any characters but /, ** for any; capitals count.",
                    null);
        }
        return found;
    }
}

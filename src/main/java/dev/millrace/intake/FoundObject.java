package dev.millrace.intake;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.ObjectStores;
import dev.millrace.core.Pull;

/// What an address or a pattern means.
final class FoundObject {
    private FoundObject() {}

    /// @throws MillraceException INVALID_REQUEST, OBJECT_MISSING, SEVERAL_OBJECTS; as the store
    ///   does
    static Pull.Wanted of(ObjectStores.Opened opened, String uri) {
        var name = ObjectName.parse(uri);
        return new Pull.Wanted(opened.connection(), opened.store().look(single(opened, name)));
    }

    private static ObjectName single(ObjectStores.Opened opened, ObjectName name) {
        if (name.key().isEmpty() || name.key().endsWith("/")) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "'%s' names no object".formatted(name),
                    "Name one, or write a pattern such as %s*.csv.".formatted(name),
                    null);
        }
        if (!ObjectMatches.isPattern(name)) {
            return name;
        }
        var found = ObjectMatches.of(opened.store(), name);
        if (found.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.OBJECT_MISSING,
                    "No object matches %s".formatted(name),
                    "* stands for any characters but /, ** for any; capitals count.",
                    null);
        }
        if (found.size() > 1) {
            throw new MillraceException(
                    ErrorCode.SEVERAL_OBJECTS,
                    "%,d objects match %s, and a job takes one: %s is the first of them"
                            .formatted(found.size(), name, found.getFirst().name()),
                    "Load them one by one.",
                    null);
        }
        return found.getFirst().name();
    }
}

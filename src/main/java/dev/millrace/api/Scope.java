package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a token may be used for. Each scope covers those before it.
public enum Scope {
    /// Look at models, jobs and rejections, and query the tables.
    READ,
    /// Make and cancel jobs, and bring their sources.
    LOAD,
    /// Make, change and remove models: everything.
    ADMIN;

    /// As tokens and the contract write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#label] gives.
    ///
    /// @throws MillraceException INVALID_REQUEST for anything else
    public static Scope parse(String text) {
        return find(text)
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.INVALID_REQUEST,
                                "'%s' is not a scope: read, load or admin".formatted(text)));
    }

    /// The scope of this label, if there is one.
    static Optional<Scope> find(String text) {
        return Arrays.stream(values()).filter(s -> s.label().equals(text)).findFirst();
    }

    /// Whether one of these is enough where this one is needed.
    boolean isCoveredBy(Collection<Scope> granted) {
        return granted.stream().anyMatch(scope -> scope.compareTo(this) >= 0);
    }

    /// Scopes in their order with spaces between, as RFC 8693 (4.2) has them in a claim.
    static String text(Collection<Scope> scopes) {
        return scopes.stream()
                .sorted()
                .distinct()
                .map(Scope::label)
                .collect(Collectors.joining(" "));
    }
}

package dev.millrace.cli;

import org.jspecify.annotations.Nullable;

/// The server was sent the beginning of a source, and needs all of it.
final class IncompleteSource extends Failure {
    private static final long serialVersionUID = 1;

    static final String CODE = "SOURCE_INCOMPLETE";

    IncompleteSource(String message, @Nullable String remedy) {
        super(message, remedy);
    }
}

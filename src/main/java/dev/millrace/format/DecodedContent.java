package dev.millrace.format;

/// Content as UTF-8. Not thread-safe.
@FunctionalInterface
interface DecodedContent extends Content {
    /// How many bytes of the source were read whose characters were not yet begun to be handed on,
    /// where the encoding is reversible.
    default long untakenBytes() {
        return 0;
    }

    /// Whether the source ended with half a unit, which its text does not tell.
    default boolean endedInHalf() {
        return false;
    }
}

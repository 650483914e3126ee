package dev.millrace.core;

/// A password or token, which no text of this object shows.
public record Secret(String text) {
    public static final Secret NONE = new Secret("");

    /// Hides it.
    @Override
    public String toString() {
        return "***";
    }
}

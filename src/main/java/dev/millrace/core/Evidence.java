package dev.millrace.core;

import java.util.List;

/// How sure it is how a source is read, and why.
///
/// @param confidence in percent: how much of what was looked at reads as was found
/// @param reasons what was found and what led to it, one sentence each; none of what was told
public record Evidence(int confidence, List<String> reasons) {
    /// Of what was told.
    public static final Evidence NONE = new Evidence(100, List.of());

    public Evidence {
        reasons = List.copyOf(reasons);
    }
}

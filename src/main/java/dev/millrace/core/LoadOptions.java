package dev.millrace.core;

/// What the caller wants of a load.
///
/// @param throughViews whether the rows go through the destination's dependent materialized views,
///   for which they have to be inserted one block after the other
/// @param dryRun whether nothing is to be published: the load ends behind the audit
public record LoadOptions(
        LoadMode mode,
        IfLoaded ifLoaded,
        MaxRejected maxRejected,
        boolean throughViews,
        boolean dryRun) {
    /// Append whatever is good, once.
    public static final LoadOptions DEFAULT =
            new LoadOptions(LoadMode.APPEND, IfLoaded.REFUSE, MaxRejected.NO_LIMIT, false);

    /// Of a load that is published.
    public LoadOptions(
            LoadMode mode, IfLoaded ifLoaded, MaxRejected maxRejected, boolean throughViews) {
        this(mode, ifLoaded, maxRejected, throughViews, false);
    }

    /// The same with another limit.
    public LoadOptions with(MaxRejected limit) {
        return new LoadOptions(mode, ifLoaded, limit, throughViews, dryRun);
    }

    /// The same in another mode.
    public LoadOptions with(LoadMode other) {
        return new LoadOptions(other, ifLoaded, maxRejected, throughViews, dryRun);
    }

    /// The same with another answer to content that was loaded before.
    public LoadOptions with(IfLoaded other) {
        return new LoadOptions(mode, other, maxRejected, throughViews, dryRun);
    }
}

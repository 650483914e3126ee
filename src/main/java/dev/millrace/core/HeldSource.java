package dev.millrace.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is held of a source whose upload is not complete.
///
/// @param reading how it is read, or null until its head had arrived
/// @param sizes how it is cut, or null until its head had arrived
/// @param head its bytes before the first record, as sent; null when they are not kept
/// @param splits those stored so far, in order, from its first record on
public record HeldSource(
        @Nullable SourceReading reading,
        @Nullable SplitSizes sizes,
        byte @Nullable [] head,
        List<Split> splits) {
    /// Nothing.
    public static final HeldSource NOTHING = new HeldSource(null, null, null, List.of());

    public HeldSource {
        splits = List.copyOf(splits);
    }
}

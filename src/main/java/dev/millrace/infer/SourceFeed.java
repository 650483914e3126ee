package dev.millrace.infer;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The sources that a model is proposed for, one after the other: each is read to its end before
/// the next is asked for. For one thread.
public interface SourceFeed {
    /// A source as it comes.
    ///
    /// @param name what its sender calls it, for people
    /// @param in closed by who asked for it
    record Sent(String name, InputStream in) {}

    /// The next source, or null when there are no more; there is one at least.
    @Nullable Sent next();

    /// Whether there may be others, so that what is said of one has to name it.
    boolean mayBeSeveral();

    /// A source that is the only one.
    static SourceFeed of(String name, InputStream in) {
        return new SourceFeed() {
            private boolean given;

            @Override
            public @Nullable Sent next() {
                if (given) {
                    return null;
                }
                given = true;
                return new Sent(name, in);
            }

            @Override
            public boolean mayBeSeveral() {
                return false;
            }
        };
    }
}

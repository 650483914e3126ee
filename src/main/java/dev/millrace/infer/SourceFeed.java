package dev.millrace.infer;

import dev.millrace.core.SourceOptions;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The sources that a model is proposed for, one after the other: each is read to its end before
/// the next is asked for. For one thread.
public interface SourceFeed {
    /// A source as it comes.
    ///
    /// @param name what its sender calls it, for people
    /// @param in closed by who asked for it
    /// @param asked what is said of it
    /// @param hasHeader whether somebody says that its first record names the fields; who says
    ///   nothing is asked where it may be values
    record Sent(String name, InputStream in, SourceOptions asked, boolean hasHeader) {
        /// Whether its fields are told by their names, not by their places.
        boolean isNamed() {
            var columns = asked.columns();
            return columns == null || !columns.isEmpty();
        }
    }

    /// The next source, or null when there are no more; there is one at least.
    @Nullable Sent next();

    /// Whether there may be others, so that what is said of one has to name it.
    boolean mayBeSeveral();

    /// A source that is the only one.
    static SourceFeed of(Sent source) {
        return new SourceFeed() {
            private boolean given;

            @Override
            public @Nullable Sent next() {
                if (given) {
                    return null;
                }
                given = true;
                return source;
            }

            @Override
            public boolean mayBeSeveral() {
                return false;
            }
        };
    }
}

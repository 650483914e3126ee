package dev.millrace.s3;

import dev.millrace.core.ObjectName;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes requests to an S3, whose failures are said precisely.
interface Asking {
    /// @param right that it takes, as AWS calls it
    /// @param what it is about, or null
    /// @throws dev.millrace.core.MillraceException as [dev.millrace.core.ObjectStore] says
    <T> T ask(String right, @Nullable ObjectName what, Supplier<T> request);
}

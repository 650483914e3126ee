package dev.millrace.intake;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One split on its way into the store and the catalog, on a thread of its own.
final class Storing {
    private final @Nullable FutureTask<Boolean> task;

    /// @param action stores it and says whether the job wants more; null for nothing to wait for
    Storing(@Nullable BooleanSupplier action) {
        task = action == null ? null : new FutureTask<>(action::getAsBoolean);
        if (task != null) {
            Thread.ofVirtual().name("store").start(task);
        }
    }

    /// Waits until it is stored.
    ///
    /// @return whether the job wants more
    /// @throws MillraceException why it could not be stored
    boolean await() {
        if (task == null) {
            return true;
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MillraceException cause
                    ? cause
                    : new MillraceException(
                            ErrorCode.INTERNAL_ERROR, "A split could not be stored", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillraceException(ErrorCode.UPLOAD_INTERRUPTED, "The server is stopping", e);
        }
    }
}

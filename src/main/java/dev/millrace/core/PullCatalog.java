package dev.millrace.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sources that nobody sends: a server fetches them.
public interface PullCatalog {
    /// Records a job as [JobCatalog#create] does, and what is fetched for it.
    ///
    /// @param wanted what each of its sources is, in their order
    /// @throws MillraceException NOT_FOUND when its model has been deleted
    Job create(NewJob job, List<? extends Pull.Wanted> wanted);

    /// Takes the source of the oldest job that waits for one that nobody fetches or receives, and
    /// of which nothing is in another store.
    ///
    /// @param storeId where its splits would go
    /// @param ttl how long nobody else takes it, unless that is renewed
    Optional<Pull> acquire(String holder, String storeId, Duration ttl);

    /// @return false when another has it
    boolean renew(Pull pull, Duration ttl);

    /// Gives it back. Nothing happens when another has it.
    ///
    /// @param pause how long nobody takes it
    void release(Pull pull, Duration pause);

    /// Gives back what a process has that is known to be gone.
    void releaseAll(String holderPrefix);

    /// Whether a job's source is one of these.
    boolean isWanted(JobId job);
}

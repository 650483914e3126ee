package dev.millrace.core;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A destination. Every call is safe to repeat, at any point, by any process. Thread-safe.
///
/// All methods throw MillraceException: EXTERNAL codes when the destination does not answer,
/// STAGING_MISSING when the staging's name does not exist (any more).
public interface Sink {
    /// Makes the model's destination, or checks that what is there can take the model's rows, and
    /// adds the columns that it lacks. The caller holds the destination's lock.
    ///
    /// @return the columns that were there before, by name, each with what rows have in it that
    ///   bring no value for it: an expression of the destination's. A default that is there stays,
    ///   whatever the model says; empty when the destination was made
    /// @throws MillraceException TABLE_NOT_OURS when somebody else made what is there;
    ///   MODEL_CHANGE_REFUSED when its columns or keys differ, or when rows that are there would
    ///   have no value for a new column; INVALID_MODEL when the destination cannot be made so
    Map<String, String> prepare(Model model);

    /// Removes the model's destination with every row in it; nothing happens when there is none.
    /// The caller holds the destination's lock.
    ///
    /// @throws MillraceException TABLE_NOT_OURS when somebody else made what is there: it stays
    void drop(Model model);

    /// The identity of the server that answers now; a job stays with one.
    String serverId();

    /// Makes staging for an attempt. Only the job's owner calls it, once an attempt (or again when
    /// it does not know whether it had).
    ///
    /// @throws MillraceException MODEL_CHANGE_REFUSED when the destination has a column that rows
    ///   of this version of the model have no value for; TABLE_HAS_VIEWS when it has dependent
    ///   views and the load does not go through them; TABLE_ENGINE_REFUSED
    void open(Publishable load);

    /// Whether this staging exists under this epoch's name.
    boolean isOpen(Staging staging);

    /// Writes one split's rows aside. Repeating it writes nothing twice.
    ///
    /// @throws MillraceException STAGING_MISSING when the epoch has passed
    void write(Staging staging, SplitId split, Batch batch);

    /// Shuts out whoever knows staging by an earlier name: gives it this epoch's name, ends the
    /// job's statements of earlier epochs and waits until none of them runs, nor anything that they
    /// left behind. Statements are ended and waited for also when staging is missing.
    ///
    /// @param staging names the epoch that the catalog has just recorded
    /// @throws MillraceException STAGING_MISSING when no staging of this attempt exists under this
    ///   epoch or an earlier one, thrown after the wait; FENCE_TIMEOUT when statements do not end
    void fence(Staging staging);

    /// What staging holds.
    Digest staged(Staging staging);

    /// What the destination holds of a load. May be asked at any time, and needs no staging. After
    /// a fence, also one that ended with STAGING_MISSING, nothing that was sent under an earlier
    /// epoch changes the answer any more.
    Held held(Publishable load, Journal journal);

    /// Makes staging's rows visible in the destination as the load's mode wants it; staging stays.
    /// The caller has fenced just before and holds the destination's lock.
    ///
    /// @throws MillraceException PUBLISH_UNCERTAIN when it cannot be decided what is there;
    ///   MODEL_CHANGE_REFUSED when the destination has got a column that these rows have no value
    ///   for; TABLE_HAS_VIEWS; STAGING_MISSING when the epoch has passed
    void publish(Publishable load, Journal journal);

    /// Whose rows have left the destination for a load that is published there. May be asked until
    /// what was kept of them is forgotten.
    Replaced replaced(Publishable load, Journal journal);

    /// Takes a published load's rows out of the destination, and brings back those whose place they
    /// took. The caller has fenced just before, holds the destination's lock, and knows that
    /// nothing was published there behind a load that took others' place.
    ///
    /// @throws MillraceException UNDO_REFUSED with the reason when exactly that cannot be had:
    ///   nothing has changed then
    void undo(Publishable load, Journal journal);

    /// Removes everything that is kept aside for a job until it is published: staging of all its
    /// attempts and epochs.
    void discard(JobId job);

    /// Removes what a job's publish has kept so that it can be undone: afterwards a load that took
    /// others' place cannot be. Also what was prepared for a publish that did not take place.
    void forget(JobId job);

    /// The jobs of which something is kept aside, by the names that it has there: what [#discard]
    /// and [#forget] would remove, of whichever job.
    List<Aside> asides();

    /// Something that is kept aside for a job.
    ///
    /// @param replaced whether [#forget] removes it, else [#discard]
    record Aside(JobId job, String name, boolean replaced) {}

    /// Removes the mirrored rejections of jobs.
    void unmirror(Set<JobId> jobs);

    /// Mirrors a split's rejections where users can query them. Repeating it changes nothing.
    void mirror(Job job, SplitId split, List<Rejection> rejections);

    /// Refuses rows that there is no room for. A destination that has no bounds, or cannot tell,
    /// has room for everything.
    ///
    /// @param bytes about how much they take
    /// @throws MillraceException DISK_FULL, which says how much there is and how much is wanted
    default void requireRoom(long bytes) {}

    /// Whether the destination answers; throws the reason when it does not.
    void check();
}

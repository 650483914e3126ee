package dev.millrace.api;

import dev.millrace.core.Job;
import dev.millrace.core.Pull;
import java.io.InputStream;
import java.util.List;

/// Sources that the server fetches itself: [dev.millrace.intake.Pulls].
interface Fetching {
    /// What an address or a pattern means, as it is now; one at least.
    List<Pull.OfObject> find(String connection, String uri);

    /// Its content, to be closed by the caller.
    InputStream content(Pull.OfObject wanted);

    /// A query whose answer is fetched; it is not run here.
    ///
    /// @param connection an id or a name
    Pull.OfQuery answer(String connection, String query);

    /// Says that there may be something to fetch.
    void wake();

    /// Whether a job's source is fetched, so that nobody else sends it.
    boolean isWanted(Job job);
}

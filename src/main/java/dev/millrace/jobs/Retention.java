package dev.millrace.jobs;

import dev.millrace.core.Kept;
import java.time.Duration;

/// How long what is kept of a job behind its end stays, and the answers to requests.
///
/// @param splits of a failed job, so that it can be retried without another upload
/// @param replaced rows that a job took the place of, so that it can be undone
/// @param rejections in the store and in `rejected_rows`
/// @param history everything that the catalog says of a job, once nothing else is kept
/// @param answers to requests that may be repeated, at least a minute
public record Retention(
        Duration splits,
        Duration replaced,
        Duration rejections,
        Duration history,
        Duration answers) {
    Duration of(Kept what) {
        return switch (what) {
            case SPLITS -> splits;
            case REPLACED -> replaced;
            case REJECTIONS -> rejections;
            case HISTORY -> history;
        };
    }
}

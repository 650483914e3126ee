package dev.millrace;

import dev.millrace.core.JobState;
import dev.millrace.core.LedgerEntry;
import dev.millrace.core.LoadMetrics;

/// Counts nothing, for tests of flows that are not about what is counted.
public class NoLoadMetrics implements LoadMetrics {
    @Override
    public void uploadBegun() {}

    @Override
    public void uploadEnded() {}

    @Override
    public void received(long bytes) {}

    @Override
    public void splitCut() {}

    @Override
    public void splitTaken() {}

    @Override
    public void splitEnded(SplitEnd end) {}

    @Override
    public void splitLeft() {}

    @Override
    public void recorded(LedgerEntry entry) {}

    @Override
    public void splitGivenUp() {}

    @Override
    public void jobEnded(JobState state) {}

    @Override
    public void took(Stage stage, long nanos) {}
}

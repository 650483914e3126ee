package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OffsetsTest {
    private final Offsets offsets = new Offsets();

    @Test
    void nothingTakenIsNothingToCommit() {
        offsets.done(4);
        assertThat(offsets.toCommit()).isEmpty();
    }

    @Test
    void nothingDoneIsNothingToCommit() {
        take(5, 6);
        assertThat(offsets.toCommit()).isEmpty();
    }

    @Test
    void theCommitStopsBeforeTheFirstThatIsNotDone() {
        take(5, 6, 7, 8);
        offsets.done(6);
        offsets.done(7);
        assertThat(offsets.toCommit()).isEmpty();
        offsets.done(5);
        assertThat(offsets.toCommit()).hasValue(8);
        offsets.done(8);
        assertThat(offsets.toCommit()).hasValue(9);
    }

    @Test
    void whatIsCommittedIsNoNews() {
        take(5, 6);
        offsets.done(5);
        offsets.committed(6);
        assertThat(offsets.toCommit()).isEmpty();
        offsets.done(6);
        assertThat(offsets.toCommit()).hasValue(7);
    }

    @Test
    void gapsBetweenOffsetsAreNoMatter() {
        take(5, 9, 20);
        offsets.done(5);
        assertThat(offsets.toCommit()).hasValue(9);
        offsets.done(20);
        offsets.done(9);
        assertThat(offsets.toCommit()).hasValue(21);
    }

    private void take(long... taken) {
        for (long offset : taken) {
            offsets.taken(offset);
        }
    }
}

package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.JobId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LatestTest {
    private final Latest latest = new Latest();
    private final JobId one = new JobId(UUID.randomUUID());
    private final JobId other = new JobId(UUID.randomUUID());

    @Test
    void whoHasSeenNothingNeedNotWait() {
        assertThat(latest.isAny(one::equals, 0)).isTrue();
    }

    @Test
    void aChangeIsOneOfItsOwnJobOnly() {
        var seen = latest.count();
        latest.of(one);
        assertThat(latest.isAny(one::equals, seen)).isTrue();
        assertThat(latest.isAny(other::equals, seen)).isFalse();
        assertThat(latest.isAny(one::equals, latest.count())).isFalse();
    }

    @Test
    void aChangeStaysToBeSeenBehindLaterOnesOfOthers() {
        var seen = latest.count();
        latest.of(one);
        latest.of(other);
        latest.of(other);
        assertThat(latest.isAny(one::equals, seen)).isTrue();
    }

    @Test
    void aChangeOfAJobThatIsNotKnownIsOneOfAll() {
        var seen = latest.count();
        latest.ofAny();
        assertThat(latest.isAny(one::equals, seen)).isTrue();
        assertThat(latest.isAny(one::equals, latest.count())).isFalse();
    }

    @Test
    void whatHasBeenForgottenMayHaveBeenAny() {
        var seen = latest.count();
        latest.of(one);
        for (var i = 0; i < 5_000; i++) {
            latest.of(new JobId(UUID.randomUUID()));
        }
        assertThat(latest.isAny(one::equals, seen)).isTrue();
        assertThat(latest.isAny(one::equals, latest.count() - 1)).isFalse();
    }
}

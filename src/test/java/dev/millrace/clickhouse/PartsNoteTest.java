package dev.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.NotedInMemory;
import dev.millrace.clickhouse.TableParts.Part;
import dev.millrace.core.Held;
import dev.millrace.core.MillraceException;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PartsNoteTest {
    private static final UUID NOBODY = new UUID(0, 0);

    private final UUID one = UUID.randomUUID();
    private final UUID two = UUID.randomUUID();
    private final PartsNote note =
            PartsNote.before(10, List.of(original(1, one, true), original(2, two, true)));

    @Test
    void aNoteReadsAsItWasWritten() {
        var attached = note.attached(List.of(original(11, one, true), original(13, two, false)));
        for (var written : List.of(note, attached)) {
            var journal = new NotedInMemory();
            journal.note(written.text());
            assertThat(PartsNote.last(journal)).contains(written);
        }
        assertThat(attached.blocks()).hasSize(2);
    }

    @Test
    void aNoteOfAnotherKindIsNone() {
        var journal = new NotedInMemory();
        assertThat(PartsNote.last(journal)).isEmpty();
        journal.note("insert");
        assertThat(PartsNote.last(journal)).isEmpty();
    }

    @Test
    void allOfItIsEveryPartActiveOrMergedIntoAnActiveOne() {
        assertHeld(Held.ALL, original(11, one, true), original(12, two, true));
        assertHeld(Held.ALL, original(11, one, false), original(12, two, false), merged(5, 12));
    }

    @Test
    void aPartThatIsNotActiveAndInNoOtherWasDropped() {
        assertHeld(Held.UNKNOWN, original(11, one, true), original(12, two, false));
        assertHeld(Held.UNKNOWN, original(11, one, true), original(12, two, false), merged(13, 14));
        assertHeld(Held.UNKNOWN, original(11, one, true));
    }

    @Test
    void nothingOfItIsOnlyWhereEveryBlockIsSeenToBeOthers() {
        assertHeld(Held.NOTHING);
        assertHeld(Held.NOTHING, original(11, NOBODY, true));
        assertHeld(
                Held.NOTHING,
                merged(3, 12),
                original(11, NOBODY, false),
                original(12, NOBODY, false));
        assertHeld(Held.UNKNOWN, merged(3, 12), original(11, NOBODY, false));
        assertHeld(Held.UNKNOWN, merged(11, 11));
    }

    @Test
    void whenBlockNumbersHaveBegunAnewTheOldHighestSaysNothing() {
        var anew = note.forNumbersBegunAnew();
        assertThat(anew.held(List.of(merged(1, 2)))).isEqualTo(Held.UNKNOWN);
        assertThat(anew.held(List.of(original(1, NOBODY, true)))).isEqualTo(Held.NOTHING);
        assertThat(anew.held(List.of(original(1, one, true), original(2, two, true))))
                .isEqualTo(Held.ALL);
    }

    @Test
    void morePartsThanCanBeNotedAreRefused() {
        var many = Collections.nCopies(20_001, original(1, one, true));
        assertThatThrownBy(() -> PartsNote.before(1, many))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("20,001 parts");
    }

    private void assertHeld(Held expected, Part... now) {
        assertThat(note.held(List.of(now))).isEqualTo(expected);
    }

    private static Part original(long block, UUID uuid, boolean active) {
        return new Part("all_" + block, "all", block, block, 0, block, active, 5, uuid);
    }

    private static Part merged(long first, long last) {
        return new Part("merged", "all", first, last, 1, first, true, 5, NOBODY);
    }
}

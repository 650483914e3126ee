package dev.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.app.TableStory.Published;
import dev.millrace.core.LoadMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a table has to hold, told by what jobs have done to it.
class TableStoryTest {
    private static final Published FIRST = published("first", LoadMode.APPEND, 1, Set.of(0, 1));

    @Test
    void appendedRowsAddUpAndCanBeUndoneInAnyOrder() {
        var story = new TableStory(List.of(published("b", LoadMode.APPEND, 2, Set.of(1)), FIRST));

        assertThat(story.content()).isEqualTo(rows(3));
        assertThat(story.isUndoable("first")).isTrue();
        assertThat(story.without("first").content()).isEqualTo(rows(1));
    }

    @Test
    void aReplaceTakesThePlaceOfWhatCameBeforeAndNotOfWhatComesBehind() {
        var replace = published("b", LoadMode.REPLACE, 2, Set.of(4));
        var story =
                new TableStory(
                        List.of(published("c", LoadMode.APPEND, 3, Set.of(4)), replace, FIRST));

        assertThat(story.content()).isEqualTo(rows(2));
        assertThat(story.replacedBy("first")).contains("b");
        assertThat(story.replacedBy("c")).isEmpty();
        assertThat(story.isUndoable("first")).isFalse();
        assertThat(story.isUndoable("b")).isFalse();
        assertThat(story.isUndoable("c")).isTrue();
    }

    @Test
    void anUndoneReplaceBringsBackWhatWasThere() {
        var replace = published("b", LoadMode.REPLACE, 2, Set.of(4));
        var story = new TableStory(List.of(FIRST, replace));

        assertThat(story.isUndoable("b")).isTrue();
        assertThat(story.without("b").content()).isEqualTo(rows(2));
        assertThat(story.without("b").replacedBy("first")).isEmpty();
    }

    @Test
    void replacedPartitionsAreThoseThatTheNewRowsFallInto() {
        var some = published("b", LoadMode.REPLACE_PARTITIONS, 2, Set.of(1, 2));
        var others = published("c", LoadMode.REPLACE_PARTITIONS, 3, Set.of(3));
        var story = new TableStory(List.of(FIRST, some, others));

        assertThat(story.content()).isEqualTo(rows(4));
        assertThat(story.replacedBy("first")).contains("b");
        assertThat(story.replacedBy("b")).isEmpty();
        assertThat(story.isUndoable("b")).isFalse();
    }

    private static Published published(String job, LoadMode mode, int second, Set<Integer> in) {
        var regions = RandomFile.REGIONS.stream().map(r -> rows(in.contains(r) ? 1 : 0)).toList();
        return new Published(job, mode, Instant.ofEpochSecond(second), regions);
    }

    private static Content rows(long rows) {
        return new Content(rows, 7 * rows, 11 * rows);
    }
}

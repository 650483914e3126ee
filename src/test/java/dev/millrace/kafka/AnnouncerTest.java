package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.JobId;
import dev.millrace.core.SplitId;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncerTest {
    private static final JobId JOB =
            new JobId(UUID.fromString("e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60"));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 7, 10, 12, 64})
    void asManySplitsAsPartitionsMeetEveryPartition(int partitions) {
        assertThat(partitionsOf(partitions, partitions)).doesNotHaveDuplicates();
    }

    /// However two workers divide twelve partitions: by halves or by turns.
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 16})
    void aFewSplitsAreSharedAboutEvenlyByTwoWorkers(int splits) {
        assertThat(partitionsOf(splits, 12).filter(p -> p < 6).count())
                .isBetween(splits / 2 - 1L, splits / 2 + 1L);
        assertThat(partitionsOf(splits, 12).filter(p -> p % 2 == 0).count())
                .isBetween(splits / 2 - 1L, splits / 2 + 1L);
    }

    private static IntStream partitionsOf(int splits, int partitions) {
        return IntStream.range(0, splits)
                .map(number -> Announcer.partition(new SplitId(JOB, 0, number), partitions));
    }
}

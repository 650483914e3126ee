package dev.millrace.clickhouse;

import static dev.millrace.clickhouse.Fixture.SINK;
import static dev.millrace.clickhouse.Fixture.answer;
import static dev.millrace.clickhouse.Fixture.earlier;
import static dev.millrace.clickhouse.Fixture.load;
import static dev.millrace.clickhouse.Fixture.loaded;
import static dev.millrace.clickhouse.Fixture.model;
import static dev.millrace.clickhouse.Fixture.published;
import static dev.millrace.clickhouse.Fixture.quoted;
import static dev.millrace.clickhouse.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.NotedInMemory;
import dev.millrace.core.LoadMode;
import dev.millrace.core.Model;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Tables that an earlier build made go on being loaded into, as they are.
class EarlierTableTest {
    @ParameterizedTest
    @EnumSource(value = LoadMode.class, names = "UPSERT", mode = Mode.EXCLUDE)
    void aTableOfAnEarlierBuildIsLoadedIntoAndGivenBack(LoadMode mode) {
        var model = earlier(model(List.of("id"), "p", "id UInt64", "p UInt8"));
        SINK.prepare(model);
        var first = loaded(model, 100, i -> i % 3);
        var journal = new NotedInMemory();
        SINK.publish(load(first, LoadMode.APPEND), new NotedInMemory());
        var before = rows(quoted(model));

        var second = loaded(model, 50, i -> i % 2);
        var load = load(second, mode);
        SINK.publish(load, journal);
        assertThat(published(second.job(), model)).isEqualTo(load.written());
        assertThat(rows(quoted(model))).isNotEqualTo(before);

        var later = second.withEpoch(1);
        SINK.fence(later);
        SINK.undo(load(later, mode), journal);
        assertThat(rows(quoted(model))).isEqualTo(before);
        assertThat(typeOfJob(model)).isEqualTo("UUID\n");
    }

    private static String typeOfJob(Model model) {
        return answer(
                "SELECT type FROM system.columns WHERE table = '%s' AND name = '_millrace_job'"
                        .formatted(model.table()));
    }
}

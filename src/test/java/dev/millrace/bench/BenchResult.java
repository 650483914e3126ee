package dev.millrace.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// All that a run found, as `result.json` has it. Times are seconds.
///
/// @param conditions what holds for all that was measured, in words, by what it is about
/// @param small what `--small` measured, else null
record BenchResult(
        String measuredAt,
        Machine machine,
        int rounds,
        SequencedMap<String, String> conditions,
        List<FileResult> files,
        @Nullable SmallLoads small) {
    static BenchResult compared(Machine machine, int rounds, List<FileResult> files) {
        return new BenchResult(now(), machine, rounds, comparing(machine), files, null);
    }

    static BenchResult small(Machine machine, SmallLoads small) {
        return new BenchResult(now(), machine, 0, timing(machine), List.of(), small);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// What a comparison is made under, each with what it is about.
    static SequencedMap<String, String> comparing(Machine machine) {
        var conditions = durability(machine);
        conditions.put(
                "Merges", "stopped in every way, and every part is seen to be as it was inserted");
        conditions.put(
                "Content",
                "count and checksum of all columns are the same in every table, or there is no"
                        + " result");
        conditions.put(
                "Clock",
                "from before curl is started, in every way; CPU and memory are of the same span");
        return conditions;
    }

    /// The same of small loads.
    static SequencedMap<String, String> timing(Machine machine) {
        var conditions = durability(machine);
        conditions.put(
                "Clock",
                "from before a request over a connection that is kept, or before a command is"
                        + " started");
        return conditions;
    }

    private static SequencedMap<String, String> durability(Machine machine) {
        var conditions = new LinkedHashMap<String, String>();
        conditions.put(
                "Durability",
                "ClickHouse has %s; Millrace besides fsyncs its splits, and its PostgreSQL has %s"
                        .formatted(machine.clickhouseDurability(), machine.postgresDurability()));
        return conditions;
    }

    void writeJson(Path file) throws IOException {
        new ObjectMapper()
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .writerWithDefaultPrettyPrinter()
                .writeValue(file.toFile(), this);
    }
}

package dev.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// One import of a file into a table of its own. Making and removing the table is not a part of
/// what is measured.
sealed interface Import {
    /// Its table, in [ClickHouse#DATABASE]. Nothing in it is merged.
    String table();

    /// Does it.
    ///
    /// @return the most bytes of memory that `curl` had
    long run() throws IOException, InterruptedException;

    /// Removes the table.
    void remove() throws IOException, InterruptedException;

    /// Makes the table.
    ///
    /// @param name that no other import has
    static Import prepare(Way way, OwnMillrace millrace, BenchFile file, String name)
            throws IOException, InterruptedException {
        return switch (way) {
            case FILE, HTTP -> {
                createTable(millrace.clickhouse(), file.kind(), name);
                yield way == Way.FILE
                        ? new FromFile(millrace.clickhouse(), file, name)
                        : new OverHttp(millrace.clickhouse(), file, name);
            }
            case MILLRACE ->
                    new ByMillrace(millrace, millrace.makeModel(name, file.kind()), file.path());
        };
    }

    private static void createTable(ClickHouse clickhouse, Rows rows, String name)
            throws IOException, InterruptedException {
        var columns =
                rows.columns().entrySet().stream()
                        .map(c -> c.getKey() + " " + c.getValue())
                        .collect(Collectors.joining(", "));
        clickhouse.run(
                "CREATE TABLE %s (%s) ENGINE = MergeTree ORDER BY (%s)"
                        .formatted(name, columns, String.join(", ", rows.orderBy())));
        clickhouse.run("SYSTEM STOP MERGES " + name);
    }

    /// ClickHouse reads the file itself.
    record FromFile(ClickHouse clickhouse, BenchFile file, String table) implements Import {
        @Override
        public long run() throws IOException, InterruptedException {
            var statement =
                    "INSERT INTO %s SELECT * FROM file('%s', %s)"
                            .formatted(table, file.path(), file.format().clickhouse());
            return Curl.statement(clickhouse.url(), statement).peakBytes();
        }

        @Override
        public void remove() throws IOException, InterruptedException {
            clickhouse.run("DROP TABLE %s SYNC".formatted(table));
        }
    }

    /// ClickHouse gets the file by HTTP.
    record OverHttp(ClickHouse clickhouse, BenchFile file, String table) implements Import {
        @Override
        public long run() throws IOException, InterruptedException {
            var url =
                    clickhouse.url(
                            "INSERT INTO %s FORMAT %s"
                                    .formatted(table, file.format().clickhouse()));
            return Curl.file(url, file.path()).peakBytes();
        }

        @Override
        public void remove() throws IOException, InterruptedException {
            clickhouse.run("DROP TABLE %s SYNC".formatted(table));
        }
    }

    /// Millrace gets the file by HTTP.
    record ByMillrace(OwnMillrace millrace, JsonNode model, Path file) implements Import {
        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public String table() {
            return model.get("table").asText();
        }

        @Override
        public long run() throws IOException, InterruptedException {
            var url = millrace.url("/jobs?name=bench.csv&model=" + model.get("id").asText());
            var sent = Curl.file(url, file, millrace.authorization(), "Content-Type: text/csv");
            millrace.awaitSuccess(JSON.readTree(sent.body()).get("id").asText());
            return sent.peakBytes();
        }

        @Override
        public void remove() throws IOException, InterruptedException {
            millrace.removeModel(model);
            millrace.awaitQuiet();
        }
    }
}

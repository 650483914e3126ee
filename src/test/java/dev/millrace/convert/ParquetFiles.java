package dev.millrace.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/// Writes Parquet files by Parquet's own writer.
public final class ParquetFiles {
    private final Path folder;
    private final MessageType schema;
    private UnaryOperator<ExampleParquetWriter.Builder> options = UnaryOperator.identity();
    private final List<Group> rows = new ArrayList<>();

    public ParquetFiles(Path folder, String fields) {
        this(folder, MessageTypeParser.parseMessageType("message rows {" + fields + "}"));
    }

    ParquetFiles(Path folder, MessageType schema) {
        this.folder = folder;
        this.schema = schema;
    }

    ParquetFiles with(UnaryOperator<ExampleParquetWriter.Builder> more) {
        var before = options;
        options = b -> more.apply(before.apply(b));
        return this;
    }

    public ParquetFiles row(Consumer<Group> fill) {
        var row = new SimpleGroup(schema);
        fill.accept(row);
        rows.add(row);
        return this;
    }

    public Path write() {
        try {
            var path = Files.createTempFile(folder, "rows", ".parquet");
            Files.delete(path);
            var builder =
                    ExampleParquetWriter.builder(new LocalOutputFile(path))
                            .withConf(new PlainParquetConfiguration())
                            .withCodecFactory(new PagePacking())
                            .withType(schema);
            try (var writer = options.apply(builder).build()) {
                for (var row : rows) {
                    writer.write(row);
                }
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Conversion convert() {
        return Conversion.parquet(write());
    }
}

package dev.millrace.bench.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads collections of files of which it is known what others read in them, and says how many are
/// read alike, refused, or otherwise, and why.
///
/// The folder has `expected/` with an object a line for each case, and the files that those name.
public final class Corpus {
    /// One collection.
    interface Collection {
        /// Reads all of it.
        Score score(Path folder) throws IOException;
    }

    private static final List<Collection> ALL =
            List.of(
                    new CsvGrid(),
                    new CsvCases(),
                    new JsonLines(),
                    new RowFiles("parquet"),
                    new RowFiles("avro"),
                    new Workbooks(),
                    new Vectors());

    private Corpus() {}

    static void main(String[] args) throws IOException {
        var list = new ArrayList<>(Arrays.asList(args));
        var out = list.indexOf("--out");
        var page = out < 0 || out + 1 == list.size() ? null : Path.of(list.get(out + 1));
        if (list.isEmpty() || (out >= 0 && page == null)) {
            System.err.println("Usage: ./millrace bench corpus FOLDER [--out PAGE]");
            System.exit(2);
        }
        var scores = new ArrayList<Score>();
        for (var collection : ALL) {
            var score = collection.score(Path.of(list.getFirst()));
            score.print(System.out);
            scores.add(score);
        }
        if (page != null) {
            Files.writeString(page, ScorePage.of(scores));
        }
    }
}

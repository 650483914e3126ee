package dev.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What waits for a person: loads of one row and of a megabyte, from the request to SUCCESS over a
/// connection that is kept; the start of everything in a folder that is not new; a command.
///
/// @param oneRow seconds
/// @param megabyte seconds
/// @param start seconds of `up --detach`
/// @param list seconds of `job list`
record SmallLoads(
        int loads, Spread oneRow, Spread megabyte, int commands, Spread start, Spread list) {
    private static final int LOADS = 30;
    private static final int WARM_UP = 10;
    private static final int COMMANDS = 5;
    private static final int MEGABYTE = 1_000_000;
    private static final int ROWS_AT_ONCE = 100;

    static SmallLoads measure(OwnMillrace millrace) throws IOException, InterruptedException {
        var oneRow = loads(millrace, "one row", 1);
        var megabyte = loads(millrace, "one megabyte", MEGABYTE);
        var lists = new ArrayList<Double>();
        var starts = new ArrayList<Double>();
        millrace.command(List.of("job", "list"));
        for (var i = 0; i < COMMANDS; i++) {
            lists.add(millrace.command(List.of("job", "list")));
        }
        for (var i = 0; i < COMMANDS; i++) {
            millrace.down();
            starts.add(millrace.up());
        }
        return new SmallLoads(
                LOADS, oneRow, megabyte, COMMANDS, Spread.of(starts), Spread.of(lists));
    }

    /// Every load has rows of its own: Millrace refuses content that a table holds already.
    ///
    /// @param bytes that a file has at least, in whole rows
    private static Spread loads(OwnMillrace millrace, String name, int bytes)
            throws IOException, InterruptedException {
        var rows = new RoundRows();
        var model = millrace.makeModel(name, rows);
        var times = new ArrayList<Double>();
        for (var i = 0; i < WARM_UP + LOADS; i++) {
            var body = body(rows, i, bytes);
            var begin = System.nanoTime();
            millrace.load(model, body);
            if (i >= WARM_UP) {
                times.add((System.nanoTime() - begin) / 1e9);
            }
        }
        millrace.removeModel(model);
        millrace.awaitQuiet();
        return Spread.of(times);
    }

    private static String body(RoundRows rows, int seed, int bytes) throws IOException {
        var random = new SplittableRandom(seed);
        var header = String.join(",", rows.columns().keySet()) + "\n";
        var body = new ByteArrayOutputStream();
        for (var row = 0; body.size() < bytes; row += ROWS_AT_ONCE) {
            try (var out = new CsvOutput(body)) {
                for (var i = 0; i < (bytes == 1 ? 1 : ROWS_AT_ONCE); i++) {
                    rows.write(row + i, random, out);
                    out.endRecord();
                }
            }
        }
        return header + body.toString(UTF_8);
    }
}

package dev.millrace.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A file of game rounds, some of them spoiled on purpose in known ways, and what a load of it must
/// give.
///
/// @param content the file
/// @param good the rows that can be loaded, in order, as ClickHouse prints them in TSV
/// @param bad the spoiled rows
record GameRounds(byte[] content, List<String> good, List<Bad> bad) {
    static final String SCHEMA =
            """
            {"columns": {"created_timestamp": "DateTime", "game_instance_id": "UInt64",
              "user_id": "String", "game_id": "UInt32", "real_amount_bet": "Float64",
              "bonus_amount_bet": "Float64", "real_amount_win": "Float64",
              "bonus_amount_win": "Float64", "game_name": "String", "provider": "String"},
             "eventId": "game_instance_id", "orderBy": ["game_id", "created_timestamp"]}
            """;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final String[] GAMES = {
        "Blackjack,NetEnt",
        "Book of \"Ra\", Deluxe,Novomatic",
        "Köln Nights,Gamomat",
        "龍の財宝,Habanero",
        "Slots,Evolution Gaming"
    };

    /// How a row is spoiled, and what is said of it: code and column of each problem.
    enum Spoiled {
        NO_TIMESTAMP("NULL_VALUE:created_timestamp"),
        BAD_TIMESTAMP("NOT_A_TIMESTAMP:created_timestamp"),
        TEXT_AMOUNT("NOT_A_NUMBER:real_amount_bet"),
        NEGATIVE_ID("OUT_OF_RANGE:game_instance_id"),
        TOO_FEW("MISSING_COLUMN:bonus_amount_win MISSING_COLUMN:game_name MISSING_COLUMN:provider"),
        TOO_MANY("EXTRA_COLUMN:"),
        EMPTY_ID("NULL_VALUE:game_instance_id"),
        ID_OVERFLOW("OUT_OF_RANGE:game_instance_id"),
        NAN_AMOUNT("NOT_A_NUMBER:real_amount_win");

        private final String problems;

        Spoiled(String problems) {
            this.problems = problems;
        }
    }

    record Bad(long row, Spoiled how) {
        /// `row:code:column` for each problem.
        List<String> problems() {
            return Stream.of(how.problems.split(" ")).map(p -> row + ":" + p).toList();
        }
    }

    /// The good rows as a multiset can be compared quickly.
    List<String> sorted() {
        return good.stream().sorted().toList();
    }

    /// @param badEvery every so many-th row is spoiled, or 0 for none
    static GameRounds of(int rows, Charset charset, int badEvery, long seed) {
        var random = new Random(seed);
        var good = new ArrayList<String>(rows);
        var bad = new ArrayList<Bad>();
        var bytes = new ByteArrayOutputStream(rows * 110);
        var time = LocalDateTime.of(2019, 10, 22, 8, 20, 41);
        try (Writer out = new OutputStreamWriter(bytes, charset)) {
            out.write(
                    "created_timestamp,game_instance_id,user_id,game_id,real_amount_bet,"
                            + "bonus_amount_bet,real_amount_win,bonus_amount_win,game_name,"
                            + "provider\n");
            for (var i = 0; i < rows; i++) {
                time = time.plusSeconds(random.nextInt(3));
                var fields = row(random, time, i);
                if (badEvery > 0 && i % badEvery == badEvery - 1) {
                    var how = Spoiled.values()[i / badEvery % Spoiled.values().length];
                    fields = spoil(fields, how);
                    bad.add(new Bad(i + 1L, how));
                } else {
                    good.add(String.join("\t", fields));
                }
                out.write(line(fields));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GameRounds(bytes.toByteArray(), good, bad);
    }

    private static String[] row(Random random, LocalDateTime time, int i) {
        var game = random.nextInt(GAMES.length);
        var comma = GAMES[game].lastIndexOf(',');
        return new String[] {
            TIME.format(time),
            Integer.toString(20_000 + i),
            "%032x".formatted(random.nextInt(4000) * 0x9E3779B97F4A7C15L),
            Integer.toString(25_000 + game),
            amount(random.nextInt(20_000)),
            amount(random.nextInt(3) * 10),
            amount(random.nextInt(2) * random.nextInt(500_000)),
            "0",
            GAMES[game].substring(0, comma),
            GAMES[game].substring(comma + 1)
        };
    }

    /// Cents as ClickHouse prints a Float64: no trailing zeros.
    private static String amount(int cents) {
        return BigDecimal.valueOf(cents, 2).stripTrailingZeros().toPlainString();
    }

    private static String[] spoil(String[] fields, Spoiled how) {
        var spoiled = fields.clone();
        switch (how) {
            case NO_TIMESTAMP -> spoiled[0] = "";
            case BAD_TIMESTAMP -> spoiled[0] = "2019-13-45 99:00:00";
            case TEXT_AMOUNT -> spoiled[4] = "ten";
            case NEGATIVE_ID -> spoiled[1] = "-" + spoiled[1];
            case TOO_FEW -> spoiled = Arrays.copyOf(fields, 7);
            case TOO_MANY -> {
                spoiled = Arrays.copyOf(fields, 11);
                spoiled[10] = "extra";
            }
            case EMPTY_ID -> spoiled[1] = "";
            case ID_OVERFLOW -> spoiled[1] = "99999999999999999999";
            case NAN_AMOUNT -> spoiled[6] = "NaN";
        }
        return spoiled;
    }

    private static String line(String[] fields) {
        var written =
                Arrays.stream(fields)
                        .map(f ->
                                f.contains(",") || f.contains("\"")
                                        ? '"' + f.replace("\"", "\"\"") + '"'
                                        : f)
                        .toList();
        return String.join(",", written) + '\n';
    }
}

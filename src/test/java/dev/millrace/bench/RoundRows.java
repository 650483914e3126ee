package dev.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/// Game rounds: ten columns, about a hundred bytes a row, names with quotes, commas and letters of
/// several alphabets.
final class RoundRows implements Rows {
    private static final byte[][] GAMES = {
        "Blackjack,NetEnt".getBytes(UTF_8),
        "\"Book of \"\"Ra\"\", Deluxe\",Novomatic".getBytes(UTF_8),
        "Köln Nights,Gamomat".getBytes(UTF_8),
        "龍の財宝,Habanero".getBytes(UTF_8)
    };

    private static final long PLAYERS = 4000;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /// 2019-10-22 08:20:41.
    private static final long BEGIN = 1_571_732_441L;

    /// Rounds begin one after another, up to two seconds apart.
    private long second = BEGIN;

    @Override
    public SequencedMap<String, String> columns() {
        var columns = new LinkedHashMap<String, String>();
        columns.put("created_timestamp", "DateTime");
        columns.put("game_instance_id", "UInt64");
        columns.put("user_id", "String");
        columns.put("game_id", "UInt32");
        columns.put("real_amount_bet", "Float64");
        columns.put("bonus_amount_bet", "Float64");
        columns.put("real_amount_win", "Float64");
        columns.put("bonus_amount_win", "Float64");
        columns.put("game_name", "String");
        columns.put("provider", "String");
        return columns;
    }

    @Override
    public List<String> orderBy() {
        return List.of("game_id", "created_timestamp");
    }

    @Override
    public void write(long row, SplittableRandom random, CsvOutput out) {
        second += random.nextInt(3);
        var player = (1 + random.nextLong(PLAYERS)) * SPREAD;
        var game = random.nextInt(GAMES.length);
        out.field().time(second);
        out.field().number(20_000 + row);
        out.field().hex(player, 16).hex(player * SPREAD, 16);
        out.field().number(25_000 + game);
        out.field().hundredths(random.nextInt(20_000));
        out.field().hundredths(10L * random.nextInt(3));
        out.field().hundredths((long) random.nextInt(2) * random.nextInt(500_000));
        out.field().number(0);
        out.field().raw(GAMES[game]);
    }
}

package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ClickHouseReach;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the connection of a host is called that an old route keeps.
class OldPlaceTest {
    @Test
    void aConnectionIsCalledByWhereItLeads() {
        assertThat(called("ch.example.org", "sales"))
                .isEqualTo("old ch.example.org 8123 sales ada");
    }

    @Test
    void differentPlacesAreNeverCalledAlike() {
        var names =
                List.of(
                        called("ch.example.org", "a_b"),
                        called("ch.example.org", "a/b"),
                        called("ch.example.org", "a:b"),
                        called("[::1]", "a_b"));
        assertThat(names).doesNotHaveDuplicates().allMatch(n -> n.matches("[A-Za-z0-9 ._-]+"));
        assertThat(called("ch.example.org", "a/b")).isEqualTo(names.get(1));
    }

    private static String called(String host, String database) {
        return OldPlace.called(
                new ClickHouseReach(
                        URI.create("http://%s:8123".formatted(host)),
                        database,
                        "ada",
                        true,
                        null,
                        ClickHouseReach.CONNECT_LIMIT,
                        ClickHouseReach.ANSWER_LIMIT));
    }
}

package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class WatchTest {
    @Test
    void anUploadShowsItsShareAndItsSpeed() {
        assertThat(Watch.upload(105_000_000, 210_000_000, 0.5))
                .isEqualTo("uploading [########         ]  50%  105.0 of 210.0 MB  210 MB/s");
    }

    @Test
    void whatIsNotKnownOfAJobsPaceIsLeftOut() throws Exception {
        var known = "{\"rowsPerSecond\": 1234.6, \"secondsLeft\": 11.2}";
        assertThat(Watch.pace(json(known))).isEqualTo("1,235 rows/s  00:12 left");
        assertThat(Watch.pace(json("{\"rowsPerSecond\": 0, \"secondsLeft\": null}")))
                .isEqualTo("0 rows/s");
        var nothing = json("{\"rowsPerSecond\": null, \"secondsLeft\": null}");
        assertThat(Watch.pace(nothing)).isEmpty();
        assertThat(Watch.load(nothing)).endsWith(" 0 rejected");
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void anUploadOfUnknownLengthShowsWhatWasSent() {
        assertThat(Watch.upload(105_000_000, -1, 0.5)).isEqualTo("uploading  105.0 MB  210 MB/s");
    }
}

package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchTest {
    @Test
    void anUploadShowsItsShareAndItsSpeed() {
        assertThat(Watch.upload(105_000_000, 210_000_000, 0.5))
                .isEqualTo("uploading [########         ]  50%  105.0 of 210.0 MB  210 MB/s");
    }

    @Test
    void anUploadOfUnknownLengthShowsWhatWasSent() {
        assertThat(Watch.upload(105_000_000, -1, 0.5)).isEqualTo("uploading  105.0 MB  210 MB/s");
    }
}

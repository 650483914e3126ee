package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.Announcement;
import dev.millrace.core.JobId;
import dev.millrace.core.SplitId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final UUID JOB = UUID.fromString("e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60");
    private static final Announcement ANNOUNCEMENT =
            new Announcement(new SplitId(new JobId(JOB), 0, 17), 2);

    @Test
    void anAnnouncementIsALineOfText() {
        assertThat(Message.write(ANNOUNCEMENT)).asString().isEqualTo("1 " + JOB + " 0 17 2");
    }

    @Test
    void whatWasWrittenIsRead() {
        assertThat(Message.read(Message.write(ANNOUNCEMENT))).contains(ANNOUNCEMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "2 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 17 2",
                "1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 17",
                "1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 17 2 3",
                "1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 -1 2",
                "1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 99999999999 2",
                "1 e5f6a7b8 0 17 2",
                "1 e5f6a7b8-5b1c-4f7e-9a54-0d3c1b2a4f60 0 17 2\n"
            })
    void anythingElseIsNoAnnouncement(String text) {
        assertThat(Message.read(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void aMessageWithoutAValueIsNoAnnouncement() {
        assertThat(Message.read(null)).isEmpty();
    }
}

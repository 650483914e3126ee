package dev.millrace.intake;

import static dev.millrace.intake.ReceivingSite.SIZES;
import static dev.millrace.intake.ReceivingSite.bounded;
import static dev.millrace.intake.ReceivingSite.code;
import static dev.millrace.intake.ReceivingSite.get;
import static dev.millrace.intake.ReceivingSite.intake;
import static dev.millrace.intake.ReceivingSite.job;
import static dev.millrace.intake.ReceivingSite.status;
import static dev.millrace.intake.SentFile.asked;
import static dev.millrace.intake.SentFile.file;
import static dev.millrace.intake.SentFile.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobState;
import dev.millrace.core.Split;
import dev.millrace.core.UploadRequest;
import dev.millrace.core.UploadStatus;
import dev.millrace.store.LocalStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before it does harm: too long, too many at a time, too much for the disk.
class UploadLimitsTest {
    @TempDir private Path folder;
    private LocalStore store;

    @BeforeEach
    void openStore() {
        store = LocalStore.open(folder.resolve("store"));
    }

    @Test
    void aSourceThatIsDeclaredTooLongIsRefusedAndItsJobWaits() {
        var file = file(StandardCharsets.UTF_8);
        var job = job();
        var small = bounded(store, new Admission.Bounds(file.length - 1, 1, 0));

        assertThat(
                        code(() ->
                                small.receive(
                                        get(job), in(file, 0), UploadRequest.whole(file.length))))
                .isEqualTo(ErrorCode.UPLOAD_TOO_LARGE);

        assertThat(status(job).state()).isEqualTo(UploadStatus.State.WAITING);
        intake("one/1", store, SIZES)
                .receive(get(job), in(file, 0), UploadRequest.whole(file.length));
        assertThat(get(job).isReceived()).isTrue();
    }

    @Test
    void aSourceThatTurnsOutTooLongFailsItsJob() {
        var file = file(StandardCharsets.UTF_8);
        var exact = job();
        bounded(store, new Admission.Bounds(file.length, 1, 0))
                .receive(get(exact), in(file, 0), UploadRequest.whole(-1));
        assertThat(get(exact).isReceived()).isTrue();
        var job = job();
        var small = bounded(store, new Admission.Bounds(file.length - 1, 1, 0));

        assertThat(code(() -> small.receive(get(job), in(file, 0), UploadRequest.whole(-1))))
                .isEqualTo(ErrorCode.UPLOAD_TOO_LARGE);

        assertThat(get(job).state()).isEqualTo(JobState.FAILED);
        assertThat(store.list(Split.prefix(job))).isEmpty();
    }

    @Test
    void noMoreUploadsArriveAtATimeThanMay() {
        var file = file(StandardCharsets.UTF_8);
        var one = bounded(store, new Admission.Bounds(Long.MAX_VALUE, 1, 0));
        var second = job();
        var nested =
                new FilterInputStream(in(file, 0)) {
                    private boolean asked;

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        if (!asked) {
                            asked = true;
                            assertThat(
                                            code(() ->
                                                    one.receive(
                                                            get(second),
                                                            in(file, 0),
                                                            UploadRequest.whole(-1))))
                                    .isEqualTo(ErrorCode.TOO_BUSY);
                        }
                        return super.read(into, offset, length);
                    }
                };

        one.receive(get(job()), nested, UploadRequest.whole(file.length));

        assertThat(status(second).state()).isEqualTo(UploadStatus.State.WAITING);
        one.receive(get(second), in(file, 0), UploadRequest.whole(-1));
        assertThat(get(second).isReceived()).isTrue();
    }

    @Test
    void aSourceThatThereIsNoRoomForIsRefusedWithHowMuchThereIs() {
        var file = file(StandardCharsets.UTF_8);
        var job = job();
        var full = bounded(store, new Admission.Bounds(Long.MAX_VALUE, 1, 1L << 60));

        assertThat(code(() -> full.receive(get(job), in(file, 0), UploadRequest.whole(-1))))
                .isEqualTo(ErrorCode.DISK_FULL);

        assertThat(status(job).state()).isEqualTo(UploadStatus.State.WAITING);
    }
}

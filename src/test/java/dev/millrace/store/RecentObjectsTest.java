package dev.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where an object comes from is seen by putting other bytes under its name into the store behind.
class RecentObjectsTest {
    private static final long LIMIT_BYTES = 100;
    private static final byte PUT = 1;
    private static final byte BEHIND = 2;

    @TempDir Path folder;
    private LocalStore store;
    private RecentObjects recent;

    @BeforeEach
    void open() {
        store = LocalStore.open(folder);
        recent = new RecentObjects(store, LIMIT_BYTES);
    }

    @Test
    void aSplitIsHandedOutOnceFromMemoryAndThenFromTheStore() {
        recent.put("splits/j/1", bytes(PUT, 10));
        assertThat(store.get("splits/j/1")).isEqualTo(bytes(PUT, 10));
        store.put("splits/j/1", bytes(BEHIND, 10));

        assertThat(recent.get("splits/j/1")).isEqualTo(bytes(PUT, 10));
        assertThat(recent.get("splits/j/1")).isEqualTo(bytes(BEHIND, 10));
    }

    @Test
    void theOldestGoFirstWhenThereIsNoMoreRoom() {
        putAndReplaceBehind("splits/j/1", bytes(PUT, 40));
        putAndReplaceBehind("splits/j/2", bytes(PUT, 40));
        putAndReplaceBehind("splits/j/3", bytes(PUT, 40));

        assertThat(isHeld("splits/j/1")).isFalse();
        assertThat(isHeld("splits/j/2")).isTrue();
        assertThat(isHeld("splits/j/3")).isTrue();
    }

    @Test
    void whatIsHandedOutReplacedOrDeletedMakesRoom() {
        putAndReplaceBehind("splits/j/1", bytes(PUT, 90));
        assertThat(isHeld("splits/j/1")).isTrue();
        putAndReplaceBehind("splits/j/2", bytes(PUT, 90));
        putAndReplaceBehind("splits/j/2", bytes(PUT, 50));
        putAndReplaceBehind("splits/gone/1", bytes(PUT, 50));
        recent.delete("splits/gone/");
        putAndReplaceBehind("splits/j/3", bytes(PUT, 50));

        assertThat(isHeld("splits/j/2")).isTrue();
        assertThat(isHeld("splits/j/3")).isTrue();
    }

    @Test
    void anObjectLargerThanTheWholeRoomPutsNothingOut() {
        putAndReplaceBehind("splits/j/1", bytes(PUT, 40));
        putAndReplaceBehind("splits/j/2", bytes(PUT, 101));

        assertThat(isHeld("splits/j/1")).isTrue();
        assertThat(isHeld("splits/j/2")).isFalse();
    }

    @Test
    void theArrayBehindABufferCountsAsAWhole() {
        putAndReplaceBehind("splits/j/1", bytes(PUT, 40));
        putAndReplaceBehind("splits/j/2", bytes(PUT, 80).position(10).limit(60));

        assertThat(isHeld("splits/j/1")).isFalse();
        assertThat(isHeld("splits/j/2")).isTrue();
    }

    @Test
    void aFewBytesOfALargeArrayDoNotHoldIt() {
        var array = new byte[1000];
        array[500] = 7;
        array[501] = 8;
        var content = ByteBuffer.wrap(array, 500, 2);
        recent.put("splits/j/1", content);
        store.put("splits/j/1", bytes(BEHIND, 2));

        var held = recent.get("splits/j/1");
        assertThat(held).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8}));
        assertThat(held.capacity()).isEqualTo(2);
        assertThat(content.remaining()).isEqualTo(2);
    }

    @Test
    void deletingForgetsWhatIsBelowThePrefixAndNothingElse() {
        putAndReplaceBehind("splits/j1/1", bytes(PUT, 10));
        putAndReplaceBehind("splits/j10/1", bytes(PUT, 10));
        recent.delete("splits/j1/");
        store.put("splits/j1/1", bytes(BEHIND, 3));

        assertThat(isHeld("splits/j1/1")).isFalse();
        assertThat(isHeld("splits/j10/1")).isTrue();
    }

    @Test
    void onlySplitsInAnArrayAreHeld() {
        var direct = ByteBuffer.allocateDirect(10).put(new byte[10]).flip();
        putAndReplaceBehind("rejections/j/1", bytes(PUT, 10));
        putAndReplaceBehind("splits/j/1", bytes(PUT, 10));
        putAndReplaceBehind("splits/j/1", direct);

        assertThat(isHeld("rejections/j/1")).isFalse();
        assertThat(isHeld("splits/j/1")).isFalse();
    }

    private void putAndReplaceBehind(String name, ByteBuffer content) {
        recent.put(name, content);
        store.put(name, bytes(BEHIND, 3));
    }

    private boolean isHeld(String name) {
        return !recent.get(name).equals(bytes(BEHIND, 3));
    }

    private static ByteBuffer bytes(byte kind, int size) {
        var content = new byte[size];
        Arrays.fill(content, kind);
        return ByteBuffer.wrap(content);
    }
}

package dev.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStoreTest {
    private static final String NAME = "splits/6f1c8c8e-0000-4000-8000-000000000000/0-000001";

    @TempDir Path folder;
    private LocalStore store;

    @BeforeEach
    void open() {
        store = LocalStore.open(folder.resolve("objects"));
    }

    @Test
    void anObjectComesBackAsItWasPut() {
        var content = bytes((byte) 7, 3_500_000);
        store.put(NAME, content);
        assertThat(store.get(NAME)).isEqualTo(bytes((byte) 7, 3_500_000));
        assertThat(content.remaining()).isEqualTo(3_500_000);
    }

    /// Large ones are written in blocks of the disk, and the rest behind them.
    @ParameterizedTest
    @ValueSource(ints = {(4 << 20) - 1, 4 << 20, (4 << 20) + 1, (5 << 20) + 4095, (6 << 20) + 4096})
    void anObjectOfAnySizeComesBackAsItWasPut(int size) {
        var bytes = new byte[size + 3];
        new Random(size).nextBytes(bytes);
        var content = ByteBuffer.wrap(bytes, 3, size);
        store.put("large", content);
        assertThat(content.position()).isEqualTo(3);
        assertThat(content.remaining()).isEqualTo(size);
        assertThat(store.get("large")).isEqualTo(content);
        var direct = ByteBuffer.allocateDirect(size).put(content.duplicate()).flip();
        store.put("direct", direct);
        assertThat(store.get("direct")).isEqualTo(content);
    }

    @Test
    void onlyTheBytesBetweenPositionAndLimitAreTakenFromAnyKindOfBuffer() {
        for (var buffer : List.of(ByteBuffer.allocate(10), ByteBuffer.allocateDirect(10))) {
            buffer.put(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}).position(2).limit(5);
            store.put(NAME, buffer);
            assertThat(store.get(NAME)).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3, 4}));
        }
    }

    @Test
    void whatIsReadIsAHeapBufferOfExactlyItsSize() {
        store.put(NAME, bytes((byte) 1, 100));
        assertThat(store.get(NAME).hasArray()).isTrue();
        assertThat(store.get(NAME).array()).hasSize(100);
    }

    @Test
    void aStoreIsTheSameForAllWhoOpenItsFolderAndNoOtherFoldersStore() {
        var fresh = folder.resolve("fresh");
        var opened =
                IntStream.range(0, 16)
                        .parallel()
                        .mapToObj(_ -> LocalStore.open(fresh).identity())
                        .distinct()
                        .toList();

        assertThat(opened).hasSize(1);
        assertThat(LocalStore.open(fresh).identity()).isEqualTo(opened.getFirst());
        assertThat(store.identity()).isNotEqualTo(opened.getFirst()).matches("[0-9a-f-]{36}");
        assertThat(store.list("splits/")).isEmpty();
    }

    @Test
    void anEmptyObjectIsAnObject() {
        store.put(NAME, ByteBuffer.allocate(0));
        assertThat(store.get(NAME).remaining()).isZero();
    }

    @Test
    void aMissingObjectIsDamage() {
        assertThatThrownBy(() -> store.get(NAME))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_DAMAGED))
                .satisfies(e -> assertThat(e.what()).contains(NAME, folder.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../x",
                "a/../b",
                "a/..",
                "a//b",
                "a/",
                "./a",
                ".parts/x",
                "a b",
                "a\\b",
                "ä",
                "a\u0000b",
                "a/.hidden",
                "a\n"
            })
    void aNameThatCouldLeaveTheFolderIsRefused(String name) {
        for (Callable<?> use : uses(name)) {
            assertThatThrownBy(use::call)
                    .asInstanceOf(type(MillraceException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR));
        }
        assertThat(folder.resolve("x")).doesNotExist();
    }

    private List<Callable<?>> uses(String name) {
        return List.of(
                () -> {
                    store.put(name, bytes((byte) 1, 1));
                    return name;
                },
                () -> store.get(name),
                () -> store.list(name + "//"),
                () -> {
                    store.delete(name + "//");
                    return name;
                });
    }

    @Test
    void aPrefixListsWhatIsBelowItInOrder() {
        for (var name : List.of("a/j2/0-2", "a/j1/0-10", "a/j1/0-01", "ab/x", "b/y")) {
            store.put(name, bytes((byte) 1, 1));
        }
        assertThat(store.list("a/")).containsExactly("a/j1/0-01", "a/j1/0-10", "a/j2/0-2");
        assertThat(store.list("a/j1/")).containsExactly("a/j1/0-01", "a/j1/0-10");
        assertThat(store.list("nothing/")).isEmpty();
    }

    @Test
    void deletingAPrefixLeavesItsNeighbours() {
        for (var name : List.of("a/j1/0-01", "a/j1/0-02", "a/j10/0-01")) {
            store.put(name, bytes((byte) 1, 1));
        }
        store.delete("a/j1/");
        store.delete("a/j1/");
        store.delete("nothing/");
        assertThat(store.list("a/")).containsExactly("a/j10/0-01");
        assertThat(folder.resolve("objects/a/j1")).doesNotExist();
    }

    @Test
    void aReaderDuringReplacementSeesOneObjectWhole() throws Exception {
        byte[] kinds = {1, 2, 3};
        store.put(NAME, bytes(kinds[0], 500_000));
        var stop = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reads =
                    threads.submit(() -> {
                        int seen = 0;
                        while (!stop.get()) {
                            assertWhole(store.get(NAME));
                            seen++;
                        }
                        return seen;
                    });
            for (int i = 0; i < 60; i++) {
                store.put(NAME, bytes(kinds[i % 3], 500_000 * (1 + i % 3)));
            }
            stop.set(true);
            assertThat(reads.get()).isPositive();
        }
    }

    @Test
    void twoWhoPutTheSameNameAtOnceLeaveOneOfThemWhole() throws Exception {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> puts =
                    List.of(
                            threads.submit(() -> putAll(start, (byte) 1)),
                            threads.submit(() -> putAll(start, (byte) 2)));
            start.countDown();
            for (var put : puts) {
                put.get();
            }
        }
        for (var name : store.list("both/")) {
            assertWhole(store.get(name));
        }
        assertThat(store.list("both/")).hasSize(20);
        assertThat(partFiles()).isEmpty();
    }

    private Void putAll(CountDownLatch start, byte kind) throws InterruptedException {
        start.await();
        for (int i = 0; i < 20; i++) {
            store.put("both/%02d/x".formatted(i), bytes(kind, 500_000 * kind));
        }
        return null;
    }

    private static void assertWhole(ByteBuffer content) {
        byte kind = content.get(0);
        assertThat(content).isEqualTo(bytes(kind, 500_000 * kind));
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAtOpeningAndWhatALivingOneWritesStays() throws Exception {
        var parts = folder.resolve("objects/.parts");
        var killed = new ProcessBuilder("true").start();
        killed.waitFor();
        var leftover = Files.writeString(parts.resolve(killed.pid() + "-a"), "half");
        long own = ProcessHandle.current().pid();
        var formerLife = Files.writeString(parts.resolve(own + "-b"), "half");
        Files.setLastModifiedTime(formerLife, FileTime.from(Instant.EPOCH));
        var beingWritten = Files.writeString(parts.resolve(own + "-c"), "half");

        LocalStore.open(folder.resolve("objects"));

        assertThat(leftover).doesNotExist();
        assertThat(formerLife).doesNotExist();
        assertThat(beingWritten).exists();
    }

    @Test
    void aFailedPutLeavesNothing() throws IOException {
        store.put("a/b", bytes((byte) 1, 1));
        assertThatThrownBy(() -> store.put("a/b/c", bytes((byte) 1, 1)))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(partFiles()).isEmpty();
    }

    @Test
    void aStoreThatCanBeWrittenPassesItsCheckAndKeepsNothingOfIt() throws IOException {
        store.check();
        assertThat(partFiles()).isEmpty();
    }

    @Test
    void aStoreWithoutItsFolderFailsItsCheck() throws IOException {
        Files.delete(folder.resolve("objects/.parts"));
        assertThatThrownBy(store::check)
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaidAtOpening() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> LocalStore.open(file))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
                .satisfies(e -> assertThat(e.what()).contains(file.toString()));
    }

    @Test
    void tooLittleRoomIsADiskThatIsFull() {
        var poor = LocalStore.open(folder.resolve("objects"), Long.MAX_VALUE);
        assertThatThrownBy(poor::check)
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .satisfies(e -> assertThat(e.what()).contains(folder.toString()));
    }

    @Test
    void nothingIsWrittenIntoTheReserve() throws IOException {
        var free = Files.getFileStore(folder).getUsableSpace();
        var poor = LocalStore.open(folder.resolve("objects"), free - (64L << 20));

        poor.put("a/fits", ByteBuffer.wrap(new byte[10]));
        poor.requireRoom(10);

        assertThatThrownBy(() -> poor.requireRoom(1L << 40))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .satisfies(e -> assertThat(e.what()).contains("1,099,511,627,776 are wanted"));
        var full = LocalStore.open(folder.resolve("objects"), Long.MAX_VALUE);
        assertThatThrownBy(() -> full.put("a/refused", ByteBuffer.wrap(new byte[10])))
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
        assertThat(full.list("a/")).containsExactly("a/fits");
    }

    /// `/dev/full` gives the system's own error.
    @Test
    void aWriteThatFindsNoRoomIsADiskThatIsFull() {
        var full = Path.of("/dev/full");
        assertThatThrownBy(
                        () -> {
                            try (var out = new FileOutputStream(full.toFile())) {
                                out.write(1);
                            } catch (IOException e) {
                                throw LocalStore.failure("write 1 bytes", full, e);
                            }
                        })
                .asInstanceOf(type(MillraceException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .satisfies(e -> assertThat(e.what()).contains("write 1 bytes", "/dev/full"))
                .satisfies(e -> assertThat(e.remedy()).isNotNull());
    }

    private List<Path> partFiles() throws IOException {
        try (var files = Files.list(folder.resolve("objects/.parts"))) {
            return files.toList();
        }
    }

    private static ByteBuffer bytes(byte kind, int size) {
        var content = new byte[size];
        Arrays.fill(content, kind);
        return ByteBuffer.wrap(content);
    }
}

package dev.millrace.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A block holds what was appended, in memory or in its file, and gives back what it has taken.
class BlockStoreTest {
    private static final int MEMORY = 4 << 20;

    /// @param left what others have left of the memory
    /// @param bytes that the block has
    /// @param isInMemory where they stand
    @ParameterizedTest
    @CsvSource({
        "67108864, 1000, true",
        "67108864, 4194304, true",
        "67108864, 4194305, false",
        "3000000, 1500000, true",
        "3000000, 4000000, false",
        "1000, 1000, false",
        "0, 1, false"
    })
    void aBlockStandsInMemoryAsFarAsThereIsSome(long left, int bytes, boolean isInMemory) {
        var ofAll = new BlockMemory(left);
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        try (var store = new BlockStore(MEMORY, ofAll)) {
            for (var round = 0; round < 2; round++) {
                for (var at = 0; at < bytes; at += 70_000) {
                    store.append(content, at, Math.min(70_000, bytes - at));
                }
                assertThat(store.size()).isEqualTo(bytes);
                assertThat(store.isInMemory()).isEqualTo(isInMemory);
                assertThat(read(store)).isEqualTo(content);
                store.clear();
            }
            assertThat(ofAll.left()).isBetween(0L, left);
        }
        assertThat(ofAll.left()).isEqualTo(left);
    }

    private static byte[] read(BlockStore store) {
        var out = new ByteArrayOutputStream();
        if (store.isInMemory()) {
            out.write(store.bytes(), 0, (int) store.size());
            return out.toByteArray();
        }
        var piece = ByteBuffer.allocate(10_000);
        for (var n = store.read(0, piece); n > 0; n = store.read(out.size(), piece.clear())) {
            out.write(piece.array(), 0, n);
        }
        return out.toByteArray();
    }
}

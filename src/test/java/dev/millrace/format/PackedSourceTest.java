package dev.millrace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Parts;
import dev.millrace.core.Compression;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What every packing promises, and what only one of them has.
class PackedSourceTest {
    private static final byte[] ROWS = Texts.utf8("a,b\n1,2\n");
    private static final byte[] MORE = Texts.utf8("3,4\n");

    /// From how many first bytes on a packing is told from a text.
    private static int told(Compression packing) {
        return switch (packing) {
            case NONE -> 0;
            case GZIP -> 2;
            case ZSTD, ZIP -> 3;
            case BZIP2 -> 4;
        };
    }

    /// Where what is behind the bytes begins by which a packing is told.
    private static int behindMagic(Compression packing) {
        return switch (packing) {
            case NONE -> 0;
            case GZIP, BZIP2 -> 10;
            case ZSTD, ZIP -> 4;
        };
    }

    @Property(tries = 200)
    void contentComesBackHoweverItArrivesAndIsRead(
            @ForAll Compression packing,
            @ForAll long seed,
            @ForAll @IntRange(max = 400_000) int length,
            @ForAll @IntRange(max = 3_000) int arriving,
            @ForAll @IntRange(min = 1, max = 9_000) int taken) {
        var content = rows(seed, length);
        var packed = Packings.pack(packing, content);
        var in = Texts.trickle(packed, arriving, seed);
        var out = new ByteArrayOutputStream();
        try (var source = SourceDecoder.open(in, SourceOptions.DETECT, Parts::next)) {
            copy(source, out, taken);
            assertThat(source.compression()).isEqualTo(packing);
            assertThat(source.receivedBytes()).isEqualTo(packed.length);
            assertThat(source.contentHash()).isEqualTo(sha256(content));
        }
        assertThat(out.toByteArray()).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void twoPiecesAreCutWhereverTheyArrive(Compression packing) throws IOException {
        var packed =
                packing == Compression.ZIP
                        ? Packings.pack(packing, Texts.join(ROWS, MORE))
                        : Texts.join(Packings.pack(packing, ROWS), Packings.pack(packing, MORE));
        for (var cut = 0; cut <= packed.length; cut++) {
            var in =
                    new SequenceInputStream(
                            new ByteArrayInputStream(packed, 0, cut),
                            new ByteArrayInputStream(packed, cut, packed.length - cut));
            assertThat(decode(in)).isEqualTo(Texts.join(ROWS, MORE));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whatIsCutAnywhereIsDamaged(Compression packing) {
        var packed = Packings.pack(packing, ROWS);
        for (var length = told(packing); length < packed.length; length++) {
            assertDamaged(Arrays.copyOf(packed, length), "cut short");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NONE", "ZIP"})
    void whatIsCutInItsSecondPieceIsDamaged(Compression packing) {
        var first = Packings.pack(packing, ROWS);
        var both = Texts.join(first, Packings.pack(packing, MORE));
        assertThat(decode(Arrays.copyOf(both, first.length))).isEqualTo(ROWS);
        for (var length = first.length + 1; length < both.length; length++) {
            assertDamaged(Arrays.copyOf(both, length), name(packing) + " source ");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void oneChangedBitGivesTheSameContentOrDamage(Compression packing) {
        var packed = Packings.pack(packing, ROWS);
        assertSameOrDamaged(packed, behindMagic(packing));
    }

    @Test
    void oneChangedBitInAStoredMemberGivesTheSameContentOrDamage() {
        assertSameOrDamaged(Packings.storedZip("a.csv", ROWS), 4);
    }

    private static void assertSameOrDamaged(byte[] packed, int from) {
        for (var bit = 8 * from; bit < 8 * packed.length; bit++) {
            var changed = packed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                assertThat(decode(changed)).as("bit %d", bit).isEqualTo(ROWS);
            } catch (MillraceException e) {
                assertThat(e.code()).as("bit %d", bit).isEqualTo(ErrorCode.SOURCE_DAMAGED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void bytesBehindItsEndAreDamageAndSaidWhere(Compression packing) {
        var packed = Packings.pack(packing, ROWS);
        for (var length : new int[] {1, 3, 4, 20, 512}) {
            for (var garbage : new byte[] {0, 'x'}) {
                var behind = new byte[length];
                Arrays.fill(behind, garbage);
                assertDamaged(
                        Texts.join(packed, behind),
                        "The %s source .*, at byte [0-9,]+ as received".formatted(name(packing)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void nothingPackedIsEmpty(Compression packing) {
        assertThat(decode(Packings.pack(packing, new byte[0]))).isEmpty();
    }

    @Test
    void onlyOneLayerIsUnpackedAndBothAreNamed() {
        for (var inner : Compression.values()) {
            for (var outer : Compression.values()) {
                if (inner != Compression.NONE && outer != Compression.NONE) {
                    assertDamaged(
                            Packings.pack(outer, Packings.pack(inner, ROWS)),
                            "%s packed into %s; Millrace unpacks one layer"
                                    .formatted(name(inner), name(outer)));
                }
            }
        }
    }

    @Test
    void textThatBeginsLikeAPackingIsText() {
        for (var text :
                new String[] {
                    "B", "BZ", "BZh", "BZh9,a\n", "BZh91,a\n", "PK", "PK,a\n1,2\n", "(", "P*M"
                }) {
            assertThat(decode(Texts.utf8(text))).isEqualTo(Texts.utf8(text));
        }
    }

    @ParameterizedTest
    @Timeout(60)
    @CsvSource({"GZIP, 1024", "ZSTD, 1024", "BZIP2, 128", "ZIP, 1024"})
    void manyZerosAreUnpackedInLittleMemory(Compression packing, int megabytes) {
        var packed = zeros(packing, megabytes);
        var before = used();
        var most = 0L;
        var read = 0L;
        var into = new byte[1 << 20];
        var in = new ByteArrayInputStream(packed);
        try (var source = SourceDecoder.open(in, SourceOptions.DETECT, Parts::next)) {
            for (var n = 0; n >= 0; n = source.read(into, 0, into.length)) {
                if ((read >> 26) != ((read + n) >> 26)) {
                    most = Math.max(most, used());
                }
                read += n;
            }
        }
        assertThat(read).isEqualTo((long) megabytes << 20);
        assertThat(most - before).isLessThan(32 << 20);
    }

    /// Packed in pieces of 16 MB, which are all the same.
    private static byte[] zeros(Compression packing, int megabytes) {
        var piece = new byte[16 << 20];
        var pieces = megabytes / 16;
        if (packing == Compression.ZIP) {
            return Packings.zipOfCopies(piece, pieces);
        }
        var packed = Packings.pack(packing, piece);
        return Texts.join(Collections.nCopies(pieces, packed).toArray(byte[][]::new));
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void zstdFramesThatAreToBeSkippedAreSkipped() {
        var skipped = HexFormat.of().parseHex("5a2a4d1804000000deadbeef");
        var frames =
                Texts.join(
                        skipped,
                        Packings.pack(Compression.ZSTD, ROWS),
                        skipped,
                        Packings.pack(Compression.ZSTD, MORE),
                        skipped);
        assertThat(decode(frames)).isEqualTo(Texts.join(ROWS, MORE));
        assertThat(decode(skipped)).isEmpty();
        assertDamaged(Arrays.copyOf(skipped, 10), "cut short");
        assertDamaged(Texts.join(frames, ROWS), "that are not zstd, at byte " + frames.length);
    }

    @Test
    void zstdThatLooksBackFartherThanIsKeptIsRefused() {
        assertThat(decode(lookingBack(0x88))).isEqualTo(ROWS); // 2^(10 + 17)
        assertDamaged(lookingBack(0x89), "farther than the 128 MiB");
        assertDamaged(lookingBack(0xA8), "farther than the 128 MiB");
    }

    /// A frame without a checksum, of one block as it is.
    private static byte[] lookingBack(int window) {
        var header = HexFormat.of().parseHex("28b52ffd0000000000");
        header[5] = (byte) window;
        header[6] = (byte) (ROWS.length << 3 | 1);
        return Texts.join(header, ROWS);
    }

    @Test
    void aZipOfAStoredFileIsUnpacked() {
        assertThat(decode(Packings.storedZip("a.csv", ROWS))).isEqualTo(ROWS);
        assertThat(decode(Packings.storedZip("a.csv", new byte[0]))).isEmpty();
        var packed = Packings.storedZip("a.csv", ROWS);
        for (var length = 3; length < packed.length; length++) {
            assertDamaged(Arrays.copyOf(packed, length), "cut short");
        }
    }

    @Test
    void foldersAndWhatMacOsPacksBesideAFileArePassedOver() {
        var packed =
                Packings.zip(
                        "rows/",
                        "",
                        "rows/a.csv",
                        "a,b\n1,2\n",
                        "__MACOSX/",
                        "",
                        "__MACOSX/rows/._a.csv",
                        "attributes");
        assertThat(decode(packed)).isEqualTo(ROWS);
    }

    @Test
    void aZipOfAnythingButOneFileIsRefused() {
        assertDamaged(Packings.zip("a.csv", "a\n", "b.csv", "b\n"), "a second file, 'b.csv', at");
        assertDamaged(Packings.zip("rows/", ""), "holds no file");
        assertDamaged(Packings.zip(), "holds no file");
        assertDamaged(Packings.zip("rows/", "a\n"), "content in its folder 'rows/'");
    }

    @Test
    void aZipThatIsEncryptedOrPackedByAnotherMethodIsRefused() {
        var zip = Packings.zip("a.csv", "a,b\n");
        assertDamaged(with(zip, 6, 1), "is encrypted \\('a.csv'\\)");
        assertDamaged(with(zip, 8, 9), "'a.csv' packed by method 9 \\(deflate64\\)");
        assertDamaged(with(zip, 8, 77), "packed by method 77,");
        var stored = Packings.storedZip("a.csv", ROWS);
        var unknown = stored.clone();
        unknown[6] = 8;
        Arrays.fill(unknown, 14, 26, (byte) 0);
        assertDamaged(unknown, "without saying before it how long it is");
    }

    @Test
    void aDirectoryThatListsOtherMembersIsDamage() {
        var one = Packings.zip("a.csv", "a,b\n");
        var two = Packings.zip("a.csv", "a,b\n", "rows/", "");
        var other = Packings.zip("a.csv", "a,c\n");
        assertDamaged(Texts.join(members(one), directory(two)), "its directory lists");
        assertDamaged(Texts.join(members(two), directory(one)), "its directory lists");
        assertDamaged(Texts.join(members(one), directory(other)), "its directory lists");
        assertThat(decode(Texts.join(members(one), directory(one)))).isEqualTo(Texts.utf8("a,b\n"));
    }

    private static byte[] members(byte[] zip) {
        return Arrays.copyOf(zip, directoryAt(zip));
    }

    private static byte[] directory(byte[] zip) {
        return Arrays.copyOfRange(zip, directoryAt(zip), zip.length);
    }

    private static int directoryAt(byte[] zip) {
        return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
    }

    @Test
    void descriptorsAreTakenInEachOfTheirForms() {
        var zip = Packings.zip("a.csv", "a,b\n1,2\n");
        var at = directoryAt(zip) - 16;
        var bare = Texts.join(Arrays.copyOf(zip, at), Arrays.copyOfRange(zip, at + 4, zip.length));
        assertThat(decode(bare)).isEqualTo(ROWS);
        var wide =
                Texts.join(
                        Arrays.copyOf(zip, at + 12),
                        new byte[4],
                        Arrays.copyOfRange(zip, at + 12, at + 16),
                        new byte[4],
                        directory(zip));
        assertThat(decode(wide)).isEqualTo(ROWS);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        var changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static String name(Compression packing) {
        return packing.name().toLowerCase(Locale.ROOT);
    }

    /// Rows that pack badly enough to make several blocks.
    private static byte[] rows(long seed, int length) {
        var random = new Random(seed);
        var rows = new StringBuilder("a,b\n");
        while (rows.length() < length) {
            rows.append(random.nextInt()).append(',').append(random.nextInt(9)).append('\n');
        }
        return Texts.utf8(rows.toString());
    }

    private static void assertDamaged(byte[] received, String pattern) {
        assertThatThrownBy(() -> decode(received))
                .hasMessageFindingMatch(pattern)
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(ErrorCode.SOURCE_DAMAGED);
    }

    private static byte[] decode(byte[] received) {
        return decode(new ByteArrayInputStream(received));
    }

    private static byte[] decode(InputStream in) {
        var out = new ByteArrayOutputStream();
        try (var source = SourceDecoder.open(in, SourceOptions.DETECT, Parts::next)) {
            copy(source, out, 4096);
        }
        return out.toByteArray();
    }

    private static void copy(SourceDecoder source, ByteArrayOutputStream out, int taken) {
        var into = new byte[taken];
        for (var n = source.read(into, 0, taken); n >= 0; n = source.read(into, 0, taken)) {
            assertThat(n).isPositive();
            out.write(into, 0, n);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

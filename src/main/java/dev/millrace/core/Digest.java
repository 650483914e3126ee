package dev.millrace.core;

/// What identifies a set of rows, independent of their order: ClickHouse's `count()`, `sum(r)` and
/// `sum(intHash64(r))` over `_millrace_row`, the sums modulo 2⁶⁴.
public record Digest(long rows, long rowSum, long rowHash) {
    public static final Digest EMPTY = new Digest(0, 0, 0);

    public Digest plus(Digest other) {
        return new Digest(rows + other.rows, rowSum + other.rowSum, rowHash + other.rowHash);
    }

    /// The digest of the first `rows` elements.
    public static Digest of(long[] rowIds, int rows) {
        long sum = 0;
        long hash = 0;
        for (var i = 0; i < rows; i++) {
            sum += rowIds[i];
            hash += intHash64(rowIds[i]);
        }
        return new Digest(rows, sum, hash);
    }

    /// ClickHouse's SQL function `intHash64` (the finaliser of MurmurHash3 after a fixed xor).
    static long intHash64(long value) {
        var x = value ^ 0x4CF2D2BAAE6DA887L;
        x ^= x >>> 33;
        x *= 0xff51afd7ed558ccdL;
        x ^= x >>> 33;
        x *= 0xc4ceb9fe1a85ec53L;
        x ^= x >>> 33;
        return x;
    }
}

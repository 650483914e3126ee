package dev.millrace.core;

/// A bounded run of whole records of one source: one stored object, one message, one insert, one
/// row of the ledger.
///
/// @param firstRow the number of its first record in the source, from 1, the header not counted
/// @param records at least 1
/// @param bytes the length of its object
/// @param checksum CRC-32C of its object
/// @param sourceFrom the first byte of the source that it covers, as received (packed)
/// @param sourceTo the byte after its last one; for packed sources about, never too small
public record Split(
        SplitId id,
        long firstRow,
        int records,
        int bytes,
        int checksum,
        long sourceFrom,
        long sourceTo) {}

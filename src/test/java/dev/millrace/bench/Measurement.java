package dev.millrace.bench;

import java.util.Map;

/// One import, measured.
///
/// @param round from 1 on; 0 warms up
/// @param seconds from before `curl` was started until the rows are in the table
/// @param cpuSeconds of each process, meanwhile
/// @param peakBytes the most memory that each had resident, meanwhile
/// @param parts of the table behind it
record Measurement(
        Way way,
        int round,
        double seconds,
        Map<String, Double> cpuSeconds,
        Map<String, Long> peakBytes,
        long parts) {
    double allCpuSeconds() {
        return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}

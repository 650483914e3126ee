package dev.millrace.embedded;

import java.nio.file.Path;
import java.util.Set;

/// What to start and where.
///
/// @param home where the engines are installed
/// @param dataFolder where they keep their data, logs and passwords; made when it is not there
/// @param engines those to start; at least one
/// @param ports the ports to listen on
/// @param defaultUser whether ClickHouse has its `default` user, who needs no password and can read
///   the tables of the database `millrace` and nothing else
public record EngineSettings(
        EngineHome home, Path dataFolder, Set<Engine> engines, Ports ports, boolean defaultUser) {
    public EngineSettings {
        engines = Set.copyOf(engines);
        dataFolder = dataFolder.toAbsolutePath().normalize();
    }

    /// Loopback ports; 0 takes a free one and keeps it in the data folder for the next start.
    public record Ports(int clickhouseHttp, int clickhouseTcp, int kafka, int postgres) {
        /// Free ones for all.
        public static final Ports FREE = new Ports(0, 0, 0, 0);
    }
}

package dev.millrace.embedded;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the engines are installed.
///
/// @param clickhouseLibrary the shared library that holds ClickHouse
/// @param kafkaLib the folder of the broker's jars
/// @param postgresHome the folder above PostgreSQL's `bin`
/// @param classes the jar or folder that holds this package, for the engines' JVMs
public record EngineHome(Path clickhouseLibrary, Path kafkaLib, Path postgresHome, Path classes) {

    /// The engines beside the application: below the system property `millrace.home`, or below
    /// `target/millrace` of the working directory, which is where the build puts them.
    ///
    /// @throws MillraceException ENGINE_FAILED when they are not there
    public static EngineHome find() {
        var engines =
                Path.of(System.getProperty("millrace.home", "target/millrace"))
                        .toAbsolutePath()
                        .resolve("engines");
        var home =
                new EngineHome(
                        engines.resolve("clickhouse/libchdb.so"),
                        engines.resolve("kafka/lib"),
                        engines.resolve("postgres"),
                        ownClasses());
        home.requireInstalled();
        return home;
    }

    private void requireInstalled() {
        for (var needed :
                new Path[] {clickhouseLibrary, kafkaLib, postgresHome.resolve("bin/postgres")}) {
            if (!Files.exists(needed)) {
                throw new MillraceException(
                        ErrorCode.ENGINE_FAILED,
                        "The embedded engines are not installed: there is no " + needed + ".",
                        "Build Millrace, which installs them, or name engines of your own.",
                        null);
            }
        }
    }

    private static Path ownClasses() {
        try {
            return Path.of(
                    EngineHome.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

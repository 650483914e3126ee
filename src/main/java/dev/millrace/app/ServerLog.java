package dev.millrace.app;

import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Where a server's log goes. Must be said before the first logger is made.
final class ServerLog {
    private ServerLog() {}

    /// @param file rotated by day and size
    /// @param console whether lines are printed too
    static void to(Path file, boolean console) {
        System.setProperty("logback.configurationFile", "logback-server.xml");
        System.setProperty("millrace.log", file.toString());
        System.setProperty("millrace.console", console ? "INFO" : "OFF");
    }

    /// Says which settings came by the names that earlier systems knew, without their values. Only
    /// behind [#to].
    static void sayOldNames(Settings settings) {
        var log = LoggerFactory.getLogger(ServerLog.class);
        settings.byOldNames()
                .forEach(setting ->
                        log.info("setting={} from={}", setting.key(), setting.oldName()));
    }
}

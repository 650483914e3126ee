package dev.millrace.app;

import java.nio.file.Path;

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
}

package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a connection is made of, on a command line. Secrets are never arguments: those stand in the
/// shell's history and in the list of processes.
@Command
final class ConnectionFlags {
    static final String PASSWORD = "MILLRACE_CONNECTION_PASSWORD";
    static final String TOKEN = "MILLRACE_CONNECTION_TOKEN";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Who signs in. The password is asked for, or read from --password-file or the"
                            + " variable MILLRACE_CONNECTION_PASSWORD.")
    @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file whose first line is the password; - for standard input.")
    @Nullable String passwordFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with a JWT access token, in place of a user; - for standard input."
                            + " Otherwise the variable MILLRACE_CONNECTION_TOKEN.")
    @Nullable String tokenFile;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database that names without one belong to (default: default).")
    @Nullable String database;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Certificates in PEM that are trusted in place of the usual authorities.")
    @Nullable String caFile;

    @Option(
            names = "--connect-seconds",
            paramLabel = "N",
            description = "The longest wait for a connection: 1 to 60 (default: 10).")
    @Nullable Integer connectSeconds;

    @Option(
            names = "--answer-seconds",
            paramLabel = "N",
            description = "The longest that a statement may take: 1 to 3600 (default: 300).")
    @Nullable Integer answerSeconds;

    /// Puts what was said into a request's body.
    ///
    /// @param ask whether to ask a person for a password that is not said otherwise
    /// @throws Failure for a file that cannot be read
    void putInto(ObjectNode body, Terminal terminal, boolean ask) {
        putUnlessNull(body, "database", database);
        if (caFile != null) {
            body.put("ca", text(caFile, terminal));
        }
        if (connectSeconds != null) {
            body.put("connectSeconds", connectSeconds);
        }
        if (answerSeconds != null) {
            body.put("answerSeconds", answerSeconds);
        }
        var token = secret(tokenFile, TOKEN, terminal);
        var password = secret(passwordFile, PASSWORD, terminal);
        if (token != null && (tokenFile != null || (user == null && passwordFile == null))) {
            body.put("accessToken", token.strip()).remove("user");
            return;
        }
        putUnlessNull(body, "user", user);
        if (password == null && ask && user != null) {
            password = asked(terminal);
        }
        putUnlessNull(body, "password", password);
    }

    private static void putUnlessNull(ObjectNode body, String key, @Nullable String text) {
        if (text != null) {
            body.put(key, text);
        }
    }

    private static @Nullable String secret(
            @Nullable String file, String variable, Terminal terminal) {
        return file != null
                ? text(file, terminal).lines().findFirst().orElse("")
                : terminal.environment().get(variable);
    }

    private static String text(String file, Terminal terminal) {
        try {
            return new String(
                    file.equals("-")
                            ? terminal.in().readAllBytes()
                            : Files.readAllBytes(LocalFile.of(file)),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    /// Asks without showing what is typed.
    private static String asked(Terminal terminal) {
        Console console = terminal.live() ? System.console() : null;
        if (console == null) {
            throw new Failure(
                    "No password is given, and this is no terminal to ask at",
                    "Use --password-file FILE, or the variable %s (empty for none)."
                            .formatted(PASSWORD));
        }
        var typed = console.readPassword("Password: ");
        return typed == null ? "" : new String(typed);
    }
}

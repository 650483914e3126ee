package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
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
        putCommon(body, terminal);
        putLogin(body, terminal, ask);
    }

    /// The same of what every kind of connection has.
    ///
    /// @throws Failure for a file that cannot be read
    void putCommon(ObjectNode body, Terminal terminal) {
        if (caFile != null) {
            body.put("ca", text(caFile, terminal));
        }
        if (connectSeconds != null) {
            body.put("connectSeconds", connectSeconds);
        }
        if (answerSeconds != null) {
            body.put("answerSeconds", answerSeconds);
        }
    }

    /// @throws Failure when something is said that only a ClickHouse has
    void refuseLogin() {
        if (user != null || passwordFile != null || tokenFile != null || database != null) {
            throw new Failure(
                    "A user, password, access token or database is of a ClickHouse",
                    "An S3 takes --access-key-id and --secret-key-file.");
        }
    }

    private void putLogin(ObjectNode body, Terminal terminal, boolean ask) {
        var token = secret(tokenFile, TOKEN, terminal);
        var password = secret(passwordFile, PASSWORD, terminal);
        if (token != null && (tokenFile != null || (user == null && passwordFile == null))) {
            body.put("accessToken", token.strip()).remove("user");
            return;
        }
        putUnlessNull(body, "user", user);
        if (password == null && ask && user != null) {
            password = asked(terminal, "Password: ", "--password-file", PASSWORD);
        }
        putUnlessNull(body, "password", password);
    }

    static void putUnlessNull(ObjectNode body, String key, @Nullable String text) {
        if (text != null) {
            body.put(key, text);
        }
    }

    static @Nullable String secret(@Nullable String file, String variable, Terminal terminal) {
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
    ///
    /// @param flag that reads it from a file
    /// @param variable that may hold it
    static String asked(Terminal terminal, String question, String flag, String variable) {
        Console console = terminal.live() ? System.console() : null;
        if (console == null) {
            throw new Failure(
                    "No %s is given, and this is no terminal to ask at"
                            .formatted(question.replace(": ", "").toLowerCase(Locale.ROOT)),
                    "Use %s FILE, or the variable %s%s."
                            .formatted(
                                    flag,
                                    variable,
                                    variable.equals(PASSWORD) ? " (empty for none)" : ""));
        }
        var typed = console.readPassword("%s", question);
        return typed == null ? "" : new String(typed);
    }
}

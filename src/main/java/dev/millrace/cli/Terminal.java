package dev.millrace.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a command reads, writes and finds its environment.
///
/// @param out what was asked for, and nothing else
/// @param err everything that is said besides
/// @param live whether a person watches, so that lines may be drawn over and have colours
/// @param environment the process's variables
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean live,
        Map<String, String> environment) {
    /// A command of ours in a text for a person.
    private static final Pattern COMMAND =
            Pattern.compile(
                    "\\bmillrace (?=(model|connection|export|job|load|preview|databases|tables|columns|join|sql|up|down|serve|worker|engines|config|token)\\b)");

    /// Our commands as the user calls them: the launcher says how it was called, which may be
    /// `./millrace`.
    static String asTyped(String text) {
        var command = System.getProperty("millrace.command", "millrace");
        return COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(command + " "));
    }

    static Terminal ofProcess() {
        // Null without a terminal, whatever the newer of the JDK's consoles do.
        var console = Optional.ofNullable(System.console());
        return new Terminal(
                System.in,
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                console.map(Console::isTerminal).orElse(false),
                System.getenv());
    }

    /// Follows https://no-color.org.
    boolean colours() {
        return live && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /// Text for a person in a colour, or as it is.
    String in(Colour colour, String text) {
        return colours() ? colour.sequence + text + "\033[0m" : text;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /// A line that names the next command.
    void sayNext(String line) {
        say(asTyped(line));
    }

    /// A line that is of use to a person only.
    void hint(String line) {
        if (live) {
            err.println(asTyped(line));
        }
    }

    /// Asks a person; only `y` and `yes` are a yes.
    boolean confirms(String question) {
        err.print(question + " [y/N] ");
        err.flush();
        var answer = new Scanner(in, StandardCharsets.UTF_8);
        return answer.hasNextLine()
                && answer.nextLine().strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /// Asks a person about a model.
    ///
    /// @throws Failure when there is none, or they do not want it
    void requireConfirmed(String question) {
        if (!live()) {
            throw new Failure("A model has to be confirmed, and this is no terminal", "Add --yes.");
        }
        if (!confirms(question)) {
            throw new Failure("Nothing was made or loaded", null);
        }
    }

    /// The few colours in use, as ECMA-48 sequences.
    enum Colour {
        GREEN("\033[32m"),
        YELLOW("\033[33m"),
        RED("\033[31m");

        private final String sequence;

        Colour(String sequence) {
            this.sequence = sequence;
        }
    }
}

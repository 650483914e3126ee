package dev.millrace.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/// Commands by their names, in the order in which a help shows them. Of these only the one that is
/// called is made: to read the annotations of all takes longer than what most of them do.
public final class Commands {
    private final SequencedMap<String, Function<List<String>, Object>> byName =
            new LinkedHashMap<>();

    /// Adds a command.
    ///
    /// @param command gives an object annotated with picocli's `Command`, without a name, or its
    ///   `CommandSpec`
    public Commands with(String name, Supplier<Object> command) {
        return withGroup(name, words -> command.get());
    }

    /// Adds a command that has others below it.
    ///
    /// @param command gives it for the words behind its name
    Commands withGroup(String name, Function<List<String>, Object> command) {
        byName.put(name, command);
        return this;
    }

    /// Adds these behind others.
    Commands with(Commands more) {
        byName.putAll(more.byName);
        return this;
    }

    /// A command with these below it: the one that the first word names, or all of them when it
    /// names none.
    CommandLine below(Object command, List<String> words) {
        var line = new CommandLine(command);
        var called = words.isEmpty() ? null : byName.get(words.getFirst());
        if (called != null) {
            return line.addSubcommand(
                    words.getFirst(), called.apply(words.subList(1, words.size())));
        }
        byName.forEach((name, each) -> line.addSubcommand(name, each.apply(List.of())));
        return line;
    }
}

package dev.millrace.app;

import java.util.ArrayList;
import java.util.List;

/// Runs several commands in one process, for the build: what one run of a JVM has loaded goes into
/// the cache that later ones start from.
public final class Rehearsal {
    private static final String NEXT = "then";

    private Rehearsal() {}

    /// @param args commands with their words, and `then` between two
    public static void main(String[] args) {
        var command = new ArrayList<String>();
        for (var word : List.of(args)) {
            if (word.equals(NEXT)) {
                run(command);
                command.clear();
            } else {
                command.add(word);
            }
        }
        run(command);
    }

    private static void run(List<String> command) {
        var words = command.toArray(String[]::new);
        var code = Main.commands(words).execute(words);
        if (code != 0) {
            System.exit(code);
        }
    }
}

package dev.millrace.cli;

/// Says something when the process is told to end (Ctrl-C) before this is closed.
final class Interruption implements AutoCloseable {
    private final Thread hook;

    Interruption(Terminal terminal, String text) {
        this.hook =
                new Thread(() -> {
                    terminal.err().println();
                    terminal.err().println(Terminal.asTyped(text));
                });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itIsEnding) {
            return;
        }
    }
}

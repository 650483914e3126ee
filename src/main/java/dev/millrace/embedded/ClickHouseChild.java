package dev.millrace.embedded;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// The process that is ClickHouse: calls the library's command line, which runs the statements it
/// is given and then serves. Stops in good order when its standard input ends.
///
/// The library must believe that a person sits at a terminal: otherwise it answers a malformed
/// request by ending the process. So file descriptor 0 becomes a pseudo-terminal, a thread reads
/// the original standard input, and at its end types `exit`.
@SuppressWarnings("restricted") // calling native code is what this class is for
public final class ClickHouseChild {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Arena ARENA = Arena.global();
    private static final int FAREWELLS = 80;
    private static final int FAREWELL_MILLIS = 100;

    private final MethodHandle read =
            system("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private final MethodHandle write =
            system("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private ClickHouseChild() {}

    /// @param args the library, then a `clickhouse-local` command line
    public static void main(String[] args) throws Throwable {
        var child = new ClickHouseChild();
        child.sitAtTerminal();
        var failure = run(args[0], List.of(args).subList(1, args.length));
        failure.ifPresent(System.err::println);
        end(failure.isPresent() ? 1 : 0);
    }

    private void sitAtTerminal() throws Throwable {
        var openpty =
                system(
                        "openpty",
                        FunctionDescriptor.of(
                                JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        var dup = system("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        var dup2 = system("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        var ends = ARENA.allocate(MemoryLayout.sequenceLayout(2, JAVA_INT));
        var none = MemorySegment.NULL;
        if ((int) openpty.invoke(ends, ends.asSlice(4), none, none, none) != 0) {
            throw new IllegalStateException("no pseudo-terminal is to be had");
        }
        int person = ends.getAtIndex(JAVA_INT, 0);
        int terminal = ends.getAtIndex(JAVA_INT, 1);
        int parent = (int) dup.invoke(0);
        if (parent < 0 || (int) dup2.invoke(terminal, 0) < 0) {
            throw new IllegalStateException("standard input cannot be replaced");
        }
        daemon("screen", () -> drain(person));
        daemon("parent", () -> leaveWithParent(parent, person));
    }

    private void leaveWithParent(int parent, int person) throws Throwable {
        drain(parent);
        var farewell = ARENA.allocateFrom("\nexit\n");
        // what is typed before the prompt comes up is lost, so it is typed until it is heard
        for (int i = 0; i < FAREWELLS; i++) {
            var ignored = (long) write.invoke(person, farewell, farewell.byteSize() - 1);
            Thread.sleep(FAREWELL_MILLIS);
        }
        end(1);
    }

    /// Ends the process without the library's destructors, which its running threads would not
    /// survive.
    private static void end(int code) throws Throwable {
        system("_exit", FunctionDescriptor.ofVoid(JAVA_INT)).invoke(code);
    }

    private void drain(int descriptor) throws Throwable {
        var buffer = ARENA.allocate(4096);
        while ((long) read.invoke(descriptor, buffer, buffer.byteSize()) > 0) {
            // nobody looks at it
        }
    }

    /// @return what went wrong, or nothing when it was told to leave
    private static Optional<String> run(String library, List<String> words) throws Throwable {
        var chdb = SymbolLookup.libraryLookup(library, ARENA);
        // first of all: it would replace the JVM's own handlers
        LINKER.downcallHandle(
                        chdb.findOrThrow("chdb_set_signal_handlers_enabled"),
                        FunctionDescriptor.ofVoid(JAVA_INT))
                .invoke(0);
        var argv = ARENA.allocate(ADDRESS, words.size() + 1L);
        for (int i = 0; i < words.size(); i++) {
            argv.setAtIndex(ADDRESS, i, ARENA.allocateFrom(words.get(i)));
        }
        var run =
                LINKER.downcallHandle(
                        chdb.findOrThrow("chdb_query_cmdline"),
                        FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        var error =
                LINKER.downcallHandle(
                        chdb.findOrThrow("chdb_result_error"),
                        FunctionDescriptor.of(ADDRESS, ADDRESS));
        var result = (MemorySegment) run.invoke(words.size(), argv);
        var text = (MemorySegment) error.invoke(result);
        return text.address() == 0
                ? Optional.empty()
                : Optional.of(text.reinterpret(Integer.MAX_VALUE).getString(0));
    }

    private static MethodHandle system(String name, FunctionDescriptor shape) {
        var libraries = LINKER.defaultLookup();
        var symbol =
                libraries
                        .find(name)
                        .or(() -> SymbolLookup.libraryLookup("libutil.so.1", ARENA).find(name));
        return LINKER.downcallHandle(symbol.orElseThrow(), shape);
    }

    private static void daemon(String name, Task task) {
        Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(() -> {
                    try {
                        task.run();
                    } catch (Throwable e) { // what a method handle may throw
                        throw new IllegalStateException(e);
                    }
                });
    }

    private interface Task {
        void run() throws Throwable;
    }
}

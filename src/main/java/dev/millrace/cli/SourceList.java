package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The sources of a job, in the order in which they are sent. Immutable.
///
/// @param sources at least one, unless it is a part of another list
record SourceList(List<Named> sources) {
    /// A source and what it is called in its job.
    ///
    /// @param source a path, an address, or `-` for standard input
    record Named(String source, String name) {
        /// How long it is, or -1 when that is not known before it is read.
        long bytes() {
            if (!isFile(source)) {
                return -1;
            }
            try {
                var path = LocalFile.of(source);
                return Files.isRegularFile(path) ? Files.size(path) : -1;
            } catch (IOException e) {
                throw LocalFile.unreadable(source, e);
            }
        }
    }

    SourceList {
        sources = List.copyOf(sources);
    }

    /// Finds out what is meant: files, what a pattern matches, addresses, standard input.
    ///
    /// @throws Failure when a file is not there, a pattern matches nothing, or one is named twice
    static SourceList of(List<String> said) {
        var sources = new ArrayList<String>();
        for (var one : said) {
            sources.addAll(isFile(one) ? Glob.expand(one) : List.of(one));
        }
        requireDifferent(sources);
        var names = new ArrayList<Named>();
        var often = often(sources);
        for (var source : sources) {
            var name = SourceFlags.name(source);
            // those that are called alike are told apart by the folders that they are in
            names.add(
                    new Named(source, often.getOrDefault(name, 0L) > 1 ? longName(source) : name));
        }
        return new SourceList(names);
    }

    private static boolean isFile(String source) {
        return !source.equals("-") && !source.matches("(?i)[a-z][a-z0-9+.-]*://.*");
    }

    private static void requireDifferent(List<String> sources) {
        var seen = new HashSet<String>();
        for (var source : sources) {
            var same =
                    isFile(source)
                            ? Path.of(source).toAbsolutePath().normalize().toString()
                            : source;
            if (!seen.add(same)) {
                throw new Failure(
                        source.equals("-")
                                ? "Standard input can be read only once"
                                : "'%s' is named twice".formatted(shown(source)),
                        "Name each source once.");
            }
        }
    }

    private static Map<String, Long> often(List<String> sources) {
        return new HashMap<>(
                sources.stream()
                        .collect(Collectors.groupingBy(SourceFlags::name, Collectors.counting())));
    }

    /// An address without its query, which may be a secret.
    private static String shown(String source) {
        return isFile(source) ? source : source.replaceFirst("[?#].*", "");
    }

    private static String longName(String source) {
        return isFile(source) ? source : shown(source);
    }

    boolean isOne() {
        return sources.size() == 1;
    }

    String first() {
        return sources.getFirst().source();
    }

    /// Whether the server fetches one of them itself.
    boolean isFetched() {
        return sources.stream().anyMatch(s -> S3Address.isOne(s.source()));
    }

    /// Those that can be read twice; perhaps none.
    SourceList withoutStandardInput() {
        return new SourceList(sources.stream().filter(s -> !s.source().equals("-")).toList());
    }

    boolean hasStandardInput() {
        return sources.stream().anyMatch(s -> s.source().equals("-"));
    }

    /// Describes them in a job; one that stands for itself as the API has always taken it.
    ///
    /// @param name what to call a single one, or empty
    void putInto(ObjectNode body, String name) {
        if (isOne()) {
            body.put("sourceName", name.isEmpty() ? sources.getFirst().name() : name);
            return;
        }
        var list = body.putArray("sources");
        for (var source : sources) {
            var described = list.addObject().put("name", source.name());
            if (source.bytes() >= 0) {
                described.put("bytes", source.bytes());
            }
        }
    }

    /// As a shell takes them.
    String typed() {
        return sources.stream()
                .map(Named::source)
                .map(Sending::quoted)
                .collect(Collectors.joining(" "));
    }
}

package dev.millrace.bench.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Makes sources that nobody should send: texts of a few signs that matter, and real files with
/// some bytes changed, lost, doubled or moved. Not thread-safe.
final class FuzzSources {
    private static final int LONGEST = 1 << 20;

    private static final byte[][] DELIMITED =
            texts(
                    "a", "1", "-0.5", " ", ",", ",", ";", "\t", "|", "||", "::", "\"", "\"\"", "'",
                    "\\", "\n", "\n", "\r\n", "\r", "#", "\\N", "é", "龍", "\uFEFF", "\0", "x,y\n");

    private static final byte[][] JSON =
            texts(
                    "{",
                    "}",
                    "{\"a\":1}\n",
                    "{\"a\":",
                    "\"b\":",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\"a\"",
                    "\\",
                    "\\u00e9",
                    "\\ud83d",
                    "\\ude00",
                    "1",
                    "-1.5e300",
                    "0",
                    "null",
                    "true",
                    " ",
                    "\n",
                    "\r\n",
                    "é",
                    "\t",
                    "\0",
                    "[[[[[[[[");

    private final List<Path> files;

    /// @param folder real files to damage, or null for none
    FuzzSources(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            files =
                    all.filter(Files::isRegularFile)
                            .filter(file -> file.toFile().length() <= LONGEST)
                            .sorted()
                            .toList();
        }
    }

    FuzzSources() {
        files = List.of();
    }

    private static byte[][] texts(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    byte[] next(SplittableRandom random) throws IOException {
        return switch (random.nextInt(files.isEmpty() ? 2 : 4)) {
            case 0 -> pieces(DELIMITED, random);
            case 1 -> pieces(JSON, random);
            default -> damaged(Files.readAllBytes(files.get(random.nextInt(files.size()))), random);
        };
    }

    private static byte[] pieces(byte[][] of, SplittableRandom random) {
        var out = new ByteArrayOutputStream();
        if (of == DELIMITED && random.nextBoolean()) {
            out.writeBytes("a,b,c\n".getBytes(StandardCharsets.UTF_8));
        }
        for (var left = random.nextInt(80); left > 0; left--) {
            out.writeBytes(of[random.nextInt(of.length)]);
        }
        return damaged(out.toByteArray(), random.nextInt(8) == 0 ? 1 : 0, random);
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        return damaged(bytes, random.nextInt(6), random);
    }

    private static byte[] damaged(byte[] bytes, int times, SplittableRandom random) {
        var source = bytes;
        for (var i = 0; i < times && source.length > 0; i++) {
            var at = random.nextInt(source.length);
            var length = 1 + random.nextInt(Math.min(64, source.length - at));
            source =
                    switch (random.nextInt(5)) {
                        case 0 -> Arrays.copyOf(source, at);
                        case 1 -> spliced(source, at, at + length, new byte[0]);
                        case 2 ->
                                spliced(
                                        source,
                                        at,
                                        at,
                                        Arrays.copyOfRange(source, at, at + length));
                        case 3 -> spliced(source, at, at + 1, noise(1, random));
                        default -> spliced(source, at, at + length, noise(length, random));
                    };
        }
        return source;
    }

    private static byte[] noise(int length, SplittableRandom random) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        var out = new ByteArrayOutputStream(bytes.length + between.length);
        out.write(bytes, 0, from);
        out.writeBytes(between);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }
}

package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// Patterns of file names that no shell has expanded, as [java.nio.file.FileSystem#getPathMatcher]
/// has them: `*`, `?`, `[a-c]`, `{a,b}`, and `**` for folders at any depth. As in a shell, names
/// that begin with a point are matched only by a pattern that says so.
final class Glob {
    private static final String SIGNS = "*?[{";

    private Glob() {}

    /// A file as it is; of a pattern the files that it matches, ordered by their names.
    ///
    /// @throws Failure when a pattern matches nothing, or a folder cannot be read
    static List<String> expand(String said) {
        var sign = firstSign(said);
        if (sign < 0 || Files.exists(Path.of(said))) {
            return List.of(said);
        }
        var slash = said.lastIndexOf('/', sign);
        var folder = said.substring(0, slash + 1);
        var found = found(Path.of(folder), said.substring(slash + 1));
        if (found.isEmpty()) {
            throw new Failure(
                    "No file matches '%s'".formatted(said),
                    "Look what is there:  ls " + (folder.isEmpty() ? "." : folder));
        }
        return found;
    }

    /// @param pattern of what is in the folder
    private static List<String> found(Path folder, String pattern) {
        var found = new ArrayList<String>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        var depth = pattern.contains("**") ? Integer.MAX_VALUE : depth(pattern);
        try {
            Files.walkFileTree(
                    folder,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    depth,
                    new Matches(folder, pattern, found));
        } catch (IOException e) {
            throw LocalFile.unreadable(folder.toString(), e);
        }
        found.sort(null);
        return found;
    }

    private static int firstSign(String said) {
        for (var i = 0; i < said.length(); i++) {
            if (SIGNS.indexOf(said.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static int depth(String rest) {
        return 1 + (int) rest.chars().filter(c -> c == '/').count();
    }

    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new Failure(
                    "'%s' is no pattern of file names: %s".formatted(pattern, e.getDescription()),
                    "Patterns have *, ?, [a-c], {a,b}, and ** for folders at any depth.",
                    e);
        }
    }

    /// Collects what matches.
    private static final class Matches extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<PathMatcher> matchers;
        private final boolean hidden;
        private final List<String> found;

        Matches(Path folder, String pattern, List<String> found) {
            this.folder = folder;
            // a folder at any depth is none too
            this.matchers = List.of(matcher(pattern), matcher(pattern.replace("**/", "")));
            this.hidden = pattern.matches("(.*/)?\\..*");
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            return dir.equals(folder) || isMeant(dir)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            var inside = folder.relativize(file);
            if (!attributes.isDirectory()
                    && isMeant(file)
                    && matchers.stream().anyMatch(matcher -> matcher.matches(inside))) {
                found.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
        }

        private boolean isMeant(Path path) {
            return hidden || !String.valueOf(path.getFileName()).startsWith(".");
        }
    }
}

package dev.millrace.clickhouse;

import dev.millrace.clickhouse.TableParts.Part;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.Held;
import dev.millrace.core.Journal;
import dev.millrace.core.MillraceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is noted before staging's parts are attached to a table whose rows cannot tell themselves
/// which job they came with: by it the table's parts can.
///
/// Staging gives each of its parts a UUID (`assign_part_uuids`), which an attached part keeps and a
/// merged or rewritten one loses; the part that it was is listed as inactive for some minutes more.
///
/// @param before the table's highest block number before the attach
/// @param parts the UUIDs of staging's parts
/// @param blocks the block numbers that the attached parts were given, or empty as long as nobody
///   has seen them all
record PartsNote(long before, Set<UUID> parts, List<Blocks> blocks) {
    private static final String HEAD = "parts";
    private static final int MAX_PARTS = 20_000;

    /// A run of block numbers, both ends included.
    record Blocks(long first, long last) {
        static Blocks parse(String text) {
            var ends = text.split("-", 2);
            return new Blocks(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    PartsNote {
        parts = Set.copyOf(parts);
        blocks = List.copyOf(blocks);
    }

    /// @throws MillraceException CLICKHOUSE_REFUSED when there are too many parts to note
    static PartsNote before(long block, List<Part> staged) {
        if (staged.size() > MAX_PARTS) {
            throw new MillraceException(
                    ErrorCode.CLICKHOUSE_REFUSED,
                    "The load has %,d parts, and no more than %,d can be attached at one moment"
                            .formatted(staged.size(), MAX_PARTS),
                    "Sort the file by its partition, or load it in pieces.",
                    null);
        }
        return new PartsNote(
                block, staged.stream().map(Part::uuid).collect(Collectors.toSet()), List.of());
    }

    static Optional<PartsNote> last(Journal journal) {
        return journal.last().filter(text -> text.startsWith(HEAD + "\n")).map(PartsNote::parse);
    }

    private static PartsNote parse(String text) {
        var lines = text.split("\n", -1);
        return new PartsNote(
                Long.parseLong(lines[1]),
                words(lines[2]).map(UUID::fromString).collect(Collectors.toSet()),
                words(lines[3]).map(Blocks::parse).toList());
    }

    private static Stream<String> words(String line) {
        return line.isEmpty() ? Stream.empty() : Arrays.stream(line.split(" "));
    }

    String text() {
        return String.join("\n", HEAD, Long.toString(before), joined(parts), joined(blocks));
    }

    private static String joined(Collection<?> words) {
        return words.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    /// The same once the attached parts have been seen.
    ///
    /// @param now the table's parts
    PartsNote attached(List<Part> now) {
        var numbers =
                now.stream()
                        .filter(part -> parts.contains(part.uuid()))
                        .map(Part::firstBlock)
                        .collect(Collectors.toCollection(TreeSet::new));
        var runs = new ArrayList<Blocks>();
        for (var number : numbers) {
            if (!runs.isEmpty() && runs.getLast().last() == number - 1) {
                runs.set(runs.size() - 1, new Blocks(runs.getLast().first(), number));
            } else {
                runs.add(new Blocks(number, number));
            }
        }
        return new PartsNote(before, parts, runs);
    }

    /// The same for a table that has begun its block numbers anew, as one does that was emptied
    /// before its server started again.
    PartsNote forNumbersBegunAnew() {
        return new PartsNote(0, parts, blocks);
    }

    /// Whether all of a part's rows are the load's.
    boolean isWhollyMine(Part part) {
        return blocks.stream()
                .anyMatch(b -> b.first() <= part.firstBlock() && part.lastBlock() <= b.last());
    }

    /// Whether some of a part's rows may be the load's.
    boolean isPartlyMine(Part part) {
        return blocks.stream()
                .anyMatch(b -> b.first() <= part.lastBlock() && part.firstBlock() <= b.last());
    }

    /// What the table holds of the load. All of it, when each of staging's parts was seen there and
    /// is active, or within an active part that it was merged into; nothing, when none was seen and
    /// no part above the noted block can have it within. Everything else cannot be told: parts that
    /// somebody dropped, merged ones of which the sources are not listed any more.
    ///
    /// @param now the parts above the noted block
    Held held(List<Part> now) {
        if (!blocks.isEmpty()) {
            return Held.ALL;
        }
        var mine = now.stream().filter(part -> parts.contains(part.uuid())).toList();
        var active = now.stream().filter(Part::active).toList();
        if (mine.isEmpty()) {
            return active.stream().allMatch(part -> isOthers(part, now))
                    ? Held.NOTHING
                    : Held.UNKNOWN;
        }
        var there =
                mine.stream()
                        .filter(part -> isWithin(part, active))
                        .map(Part::uuid)
                        .collect(Collectors.toSet());
        return there.equals(parts) ? Held.ALL : Held.UNKNOWN;
    }

    private static boolean isWithin(Part part, List<Part> active) {
        return part.active()
                || active.stream().anyMatch(whole -> whole.rows() > 0 && whole.covers(part));
    }

    /// Whether every block above the noted one within a part is seen to be somebody else's.
    private boolean isOthers(Part whole, List<Part> now) {
        if (whole.isOriginal()) {
            return true;
        }
        var others = new HashSet<Long>();
        now.stream().filter(Part::isOriginal).forEach(part -> others.add(part.firstBlock()));
        for (var block = Math.max(before + 1, whole.firstBlock());
                block <= whole.lastBlock();
                block++) {
            if (!others.contains(block)) {
                return false;
            }
        }
        return true;
    }
}

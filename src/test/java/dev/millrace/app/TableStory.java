package dev.millrace.app;

import dev.millrace.core.LoadMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What jobs have done to a table that was empty, one after another, and what it has to hold for
/// it.
///
/// Which of two was published first their times say: a job's time is taken while no other may
/// change the table.
final class TableStory {
    private final List<Published> published;

    /// A job's part of the story.
    ///
    /// @param regions its rows by region
    record Published(String job, LoadMode mode, Instant at, List<Content> regions) {
        /// Whether it takes the place of what others have in a region.
        boolean replaces(int region) {
            return switch (mode) {
                case APPEND -> false;
                case REPLACE -> true;
                case REPLACE_PARTITIONS -> regions.get(region).rows() > 0;
                case UPSERT ->
                        throw new IllegalArgumentException("random files have no latest rows");
            };
        }
    }

    /// What is left of a job.
    ///
    /// @param regions what the table holds of its rows
    /// @param replacedBy the first job that took the place of any of them, or null
    record Left(Published of, List<Content> regions, @Nullable String replacedBy) {
        private Left replaced(Published by) {
            var left = new ArrayList<>(regions);
            var isTouched = by.mode() == LoadMode.REPLACE;
            for (var region : RandomFile.REGIONS) {
                if (by.replaces(region)) {
                    isTouched |= left.set(region, Content.NOTHING).rows() > 0;
                }
            }
            return new Left(of, left, replacedBy == null && isTouched ? by.job() : replacedBy);
        }
    }

    TableStory(List<Published> published) {
        this.published = published.stream().sorted(Comparator.comparing(Published::at)).toList();
    }

    /// What is left of every job, in the order of their publishing.
    List<Left> left() {
        var left = new ArrayList<Left>();
        for (var next : published) {
            left.replaceAll(l -> l.replaced(next));
            left.add(new Left(next, next.regions(), null));
        }
        return left;
    }

    /// What the table has to hold.
    Content content() {
        return Content.sum(left().stream().map(l -> Content.sum(l.regions())).toList());
    }

    /// Who has replaced rows of a job.
    Optional<String> replacedBy(String job) {
        return left().stream()
                .filter(l -> l.of().job().equals(job))
                .findFirst()
                .map(Left::replacedBy);
    }

    /// Whether a job can be undone: nobody has replaced its rows, and nothing was loaded upon what
    /// it has put in others' place.
    boolean isUndoable(String job) {
        var isLast = published.getLast().job().equals(job);
        var append =
                published.stream()
                        .anyMatch(p -> p.job().equals(job) && p.mode() == LoadMode.APPEND);
        return replacedBy(job).isEmpty() && (append || isLast);
    }

    /// The story as if a job had never been.
    TableStory without(String job) {
        return new TableStory(published.stream().filter(p -> !p.job().equals(job)).toList());
    }
}

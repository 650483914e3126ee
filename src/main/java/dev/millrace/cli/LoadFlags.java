package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is wanted of a load that is made.
final class LoadFlags {
    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "How the rows meet those in the table: append (the default), replace all of"
                            + " them at once, replace-partitions, or upsert, which is for a model"
                            + " that keeps the latest row of each key.")
    private @Nullable String mode;

    @Option(
            names = "--dry-run",
            description =
                    "Load the file, check and count everything, and publish nothing: what would be"
                            + " rejected is kept to be looked at.")
    private boolean dryRun;

    @Mixin private final LoadWishes wishes = new LoadWishes();

    boolean isDryRun() {
        return dryRun;
    }

    /// Adds what was said.
    ObjectNode putInto(ObjectNode body) {
        if (mode != null) {
            body.put("mode", mode);
        }
        if (dryRun) {
            body.put("dryRun", true);
        }
        return wishes.putInto(body);
    }
}

package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is wanted of a load, at its first run or at a retry.
final class LoadWishes {
    @Option(
            names = "--if-loaded",
            paramLabel = "WHAT",
            description =
                    "What to do when the table holds the file's content already: refuse (the"
                            + " default), skip or load.")
    private @Nullable String ifLoaded;

    @Option(
            names = "--through-views",
            description =
                    "Send the rows through the table's materialized views. They come block by"
                            + " block then, not all at one moment.")
    private boolean throughViews;

    @Option(
            names = "--max-rejected",
            paramLabel = "LIMIT",
            description =
                    "How many rows may be rejected before the job fails and publishes nothing: a"
                            + " number, a share such as 1.5%%, or `none` for no limit, which is the"
                            + " default.")
    private @Nullable String maxRejected;

    /// Adds what was said.
    ObjectNode putInto(ObjectNode body) {
        if (ifLoaded != null) {
            body.put("ifLoaded", ifLoaded);
        }
        if (throughViews) {
            body.put("throughViews", true);
        }
        if (maxRejected != null) {
            body.put("maxRejected", maxRejected);
        }
        return body;
    }
}

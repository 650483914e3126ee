package dev.millrace.cli;

import picocli.CommandLine.Command;

/// `millrace model …`
@Command(
        description = "Models: named, versioned table schemas. Their commands print JSON.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  millrace model create purchases model.json"})
final class ModelCommands {
    static final String PATH = "/api/v1/models";

    /// @param model an id or a name
    static String path(String model) {
        return PATH + "/" + Api.part(model);
    }
}

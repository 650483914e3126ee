package dev.millrace.cli;

import picocli.CommandLine.Command;

/// `millrace job …`
@Command(
        description = "Jobs: loads of files into a model's table, and exports.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  millrace job create purchases purchases.csv --wait"})
final class JobCommands {}

package dev.millrace.app;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

@Command(
        description = "Show every setting in force and where its value comes from.",
        footer = {
            "",
            "A flag wins over the environment, that over millrace.yaml, that over the default.",
            "",
            "Example:",
            "  MILLRACE_HTTP_PORT=8001 millrace config"
        })
final class ConfigCommand implements Callable<Integer> {
    private final SettingFlags flags = new SettingFlags();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private record Row(String key, String value, String from, String meaning) {}

    static CommandSpec spec() {
        var command = new ConfigCommand();
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(
                spec, Arrays.stream(Setting.values()).filter(s -> !s.flag().isEmpty()).toList());
        return spec;
    }

    @Override
    public Integer call() {
        var data = DataFolder.open(flags.dataFolder(System.getenv()));
        var settings = flags.resolve(data, System.getenv());
        var rows = Arrays.stream(Setting.values()).map(s -> row(s, settings, data)).toList();
        if (json) {
            System.out.println(PrettyJson.of(rows));
        } else {
            print(rows);
        }
        return 0;
    }

    private static Row row(Setting setting, Settings settings, DataFolder data) {
        var value = settings.value(setting);
        var shown =
                setting == Setting.DATA
                        ? data.path().toString()
                        : setting.isSecret() && !value.text().isEmpty() ? "(hidden)" : value.text();
        var from = value.origin().name().toLowerCase(Locale.ROOT);
        return new Row(
                setting.key(),
                shown.isEmpty() ? "-" : shown,
                value.where().isEmpty() ? from : value.where(),
                setting.meaning());
    }

    private static void print(List<Row> rows) {
        var keys = width(rows.stream().map(Row::key).toList());
        var values = width(rows.stream().map(Row::value).toList());
        var origins = width(rows.stream().map(Row::from).toList());
        var line = "%-" + keys + "s  %-" + values + "s  %-" + origins + "s  %s%n";
        System.out.printf(Locale.ROOT, line, "SETTING", "VALUE", "FROM", "MEANING");
        for (var row : rows) {
            System.out.printf(Locale.ROOT, line, row.key(), row.value(), row.from(), row.meaning());
        }
    }

    private static int width(List<String> texts) {
        return texts.stream().map(String::length).max(Comparator.naturalOrder()).orElse(1);
    }
}

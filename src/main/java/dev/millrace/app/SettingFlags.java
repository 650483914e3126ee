package dev.millrace.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The flags of a command that stand for settings, made from [Setting] alone.
final class SettingFlags {
    private final Map<Setting, String> said = new EnumMap<>(Setting.class);
    private @Nullable Path file;

    /// Adds the flags of some settings, and `--config`, to a command.
    void addTo(CommandSpec command, List<Setting> settings) {
        for (var setting : settings) {
            command.addOption(
                    OptionSpec.builder(setting.flag())
                            .type(String.class)
                            .paramLabel(label(setting))
                            .description(described(setting))
                            .setter(setter(setting))
                            .build());
        }
        command.addOption(
                OptionSpec.builder("--config")
                        .type(Path.class)
                        .paramLabel("FILE")
                        .description(
                                "A file of settings; millrace.yaml here or in the data folder if not said.")
                        .setter(
                                new CommandLine.Model.ISetter() {
                                    @Override
                                    @SuppressWarnings(
                                            "unchecked") // picocli hands back what we give
                                    public <T> T set(T value) {
                                        file = (Path) value;
                                        return value;
                                    }
                                })
                        .build());
    }

    private CommandLine.Model.ISetter setter(Setting setting) {
        return new CommandLine.Model.ISetter() {
            @Override
            public <T> T set(T value) {
                if (value != null) {
                    said.put(setting, value.toString());
                }
                return value;
            }
        };
    }

    private static String label(Setting setting) {
        return switch (setting.flag().replaceFirst(".*-", "")) {
            case "port" -> "PORT";
            case "data" -> "DIR";
            case "host" -> "ADDRESS";
            case "name" -> "NAME";
            case "threads" -> "N";
            case "kafka" -> "ADDRESSES";
            case String _ -> "URL";
        };
    }

    private static String described(Setting setting) {
        var meaning = setting.meaning();
        return setting.standard().isEmpty()
                ? meaning + "."
                : "%s (default %s).".formatted(meaning, setting.standard());
    }

    /// What was said before settings were resolved: where the data folder is.
    Path dataFolder(Map<String, String> environment) {
        var flag = said.get(Setting.DATA);
        var variable = environment.get(Setting.DATA.environmentName());
        return flag != null
                ? Path.of(flag)
                : variable != null && !variable.isEmpty()
                        ? Path.of(variable)
                        : DataFolder.standard(environment);
    }

    /// Everything in force.
    Settings resolve(DataFolder data, Map<String, String> environment) {
        return Settings.resolve(said, environment, file(data, environment));
    }

    private @Nullable Path file(DataFolder data, Map<String, String> environment) {
        if (file != null) {
            return file;
        }
        var named = environment.get("MILLRACE_CONFIG");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        for (var candidate :
                List.of(Path.of("millrace.yaml"), data.path().resolve("millrace.yaml"))) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}

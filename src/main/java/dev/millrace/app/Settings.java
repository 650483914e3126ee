package dev.millrace.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The settings in force and where each came from. A flag wins over the environment, that over
/// `millrace.yaml`, that over the default. A key that nobody knows is an error. Immutable.
final class Settings {
    /// Variables of the environment that begin with MILLRACE_ and are not settings.
    private static final Set<String> OTHER_VARIABLES =
            Set.of(
                    "MILLRACE_HOME",
                    "MILLRACE_JAVA_HOME",
                    "MILLRACE_JAVA_OPTS",
                    "MILLRACE_HEAP",
                    "MILLRACE_URL",
                    "MILLRACE_TOKEN",
                    "MILLRACE_CONFIG",
                    "MILLRACE_CRASH_AT",
                    "MILLRACE_CLOCK_OFFSET");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})(B|KB|MB|GB|TB)");

    enum Origin {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        FLAG
    }

    /// A value and where it came from.
    ///
    /// @param where the flag, the variable, the file, or empty for a default
    record Value(String text, Origin origin, String where) {}

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    private final Map<Setting, Value> values;

    private Settings(Map<Setting, Value> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /// Brings the sources together.
    ///
    /// @param flags what was said on the command line
    /// @param environment the process's environment
    /// @param file `millrace.yaml`, or null when there is none
    /// @throws MillraceException INVALID_CONFIGURATION for an unknown key or an unreadable file
    static Settings resolve(
            Map<Setting, String> flags, Map<String, String> environment, @Nullable Path file) {
        refuseUnknown(environment);
        var written = file == null ? Map.<Setting, String>of() : read(file);
        var values = new EnumMap<Setting, Value>(Setting.class);
        for (var setting : Setting.values()) {
            values.put(setting, value(setting, flags, environment, written, file));
        }
        return new Settings(values);
    }

    private static Value value(
            Setting setting,
            Map<Setting, String> flags,
            Map<String, String> environment,
            Map<Setting, String> written,
            @Nullable Path file) {
        var flag = flags.get(setting);
        if (flag != null) {
            return new Value(flag, Origin.FLAG, setting.flag());
        }
        for (var name : List.of(setting.environmentName(), setting.oldName())) {
            var text = environment.get(name);
            if (text != null && !text.isEmpty()) {
                return new Value(text, Origin.ENVIRONMENT, name);
            }
        }
        var text = written.get(setting);
        return text != null
                ? new Value(text, Origin.FILE, String.valueOf(file))
                : new Value(setting.standard(), Origin.DEFAULT, "");
    }

    private static void refuseUnknown(Map<String, String> environment) {
        var known =
                Arrays.stream(Setting.values())
                        .map(Setting::environmentName)
                        .collect(Collectors.toSet());
        for (var name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith("MILLRACE_")
                    && !known.contains(name)
                    && !OTHER_VARIABLES.contains(name)) {
                throw new MillraceException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The environment has %s, which is not a setting".formatted(name),
                        "millrace config lists the settings.",
                        null);
            }
        }
    }

    private static Map<Setting, String> read(Path file) {
        try {
            var found = new EnumMap<Setting, String>(Setting.class);
            var tree = new YAMLMapper().readTree(Files.readString(file));
            if (tree != null && !tree.isMissingNode() && !tree.isNull()) {
                if (!tree.isObject()) {
                    throw noSettings(file, "it holds no keys", null);
                }
                collect("", tree, file, found);
            }
            return found;
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            // The parser draws the place below its words, on lines that begin with spaces.
            var words =
                    e.getOriginalMessage()
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith(" "))
                            .collect(Collectors.joining(", "));
            var line = where == null ? 0 : where.getLineNr();
            throw noSettings(file, "line %d, %s".formatted(line, words), e);
        } catch (NoSuchFileException e) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION, "There is no file %s".formatted(file), e);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "%s cannot be read: %s".formatted(file, e.getMessage()),
                    e);
        }
    }

    private static MillraceException noSettings(Path file, String why, @Nullable Exception cause) {
        return new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "%s is not a file of settings: %s".formatted(file, why),
                "Write them like http.port in YAML: 'http:' and below it, indented, 'port: 8001'.",
                cause);
    }

    private static void collect(
            String prefix, JsonNode node, Path file, Map<Setting, String> found) {
        for (var entry : node.properties()) {
            var key = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                collect(key + ".", entry.getValue(), file, found);
            } else {
                var setting =
                        Setting.ofKey(key)
                                .orElseThrow(() ->
                                        new MillraceException(
                                                ErrorCode.INVALID_CONFIGURATION,
                                                "%s has the key '%s', which is not a setting"
                                                        .formatted(file, key),
                                                "millrace config lists the settings.",
                                                null));
                found.put(setting, text(key, entry.getValue(), file));
            }
        }
    }

    /// A list is what its elements are with commas between.
    private static String text(String key, JsonNode value, Path file) {
        if (!value.isArray()) {
            return value.asText();
        }
        if (value.valueStream().anyMatch(JsonNode::isContainerNode)) {
            throw noSettings(file, "'%s' is a list of lists".formatted(key), null);
        }
        return value.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    /// The value of a setting; always there, its text may be empty.
    Value value(Setting setting) {
        var value = values.get(setting);
        if (value == null) {
            throw new IllegalStateException("no value for " + setting);
        }
        return value;
    }

    /// The text of a setting, empty when nothing was said and there is no default.
    String text(Setting setting) {
        return value(setting).text();
    }

    /// A port.
    ///
    /// @throws MillraceException INVALID_CONFIGURATION unless it is 0 to 65535
    int port(Setting setting) {
        return number(setting, 0, 65535);
    }

    /// A length of time, at least a second.
    ///
    /// @throws MillraceException INVALID_CONFIGURATION unless it is a number with s, m, h or d
    Duration duration(Setting setting) {
        var value = value(setting);
        var found = DURATION.matcher(value.text().strip());
        if (found.matches()) {
            var number = Long.parseLong(found.group(1));
            return switch (found.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
        throw new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "%s (%s) is '%s'; it must be a length of time such as 90m, 24h or 7d"
                        .formatted(
                                setting.key(),
                                value.where().isEmpty() ? "default" : value.where(),
                                value.text()));
    }

    /// A number of bytes; the units are powers of 1000.
    ///
    /// @throws MillraceException INVALID_CONFIGURATION unless it is a number with B, KB, MB, GB, TB
    long bytes(Setting setting) {
        var value = value(setting);
        var found = SIZE.matcher(value.text().strip());
        if (found.matches()) {
            var number = Long.parseLong(found.group(1));
            return switch (found.group(2)) {
                case "TB" -> number * 1_000_000_000_000L;
                case "GB" -> number * 1_000_000_000L;
                case "MB" -> number * 1_000_000L;
                case "KB" -> number * 1_000L;
                default -> number;
            };
        }
        throw new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "%s (%s) is '%s'; it must be a size such as 500MB or 2TB"
                        .formatted(
                                setting.key(),
                                value.where().isEmpty() ? "default" : value.where(),
                                value.text()));
    }

    /// A whole number within bounds.
    int number(Setting setting, int least, int most) {
        var value = value(setting);
        try {
            var number = Integer.parseInt(value.text().strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "%s (%s) is '%s'; it must be a number from %d to %d"
                        .formatted(
                                setting.key(),
                                value.where().isEmpty() ? "default" : value.where(),
                                value.text(),
                                least,
                                most));
    }

    /// The settings whose values came by the names that earlier systems knew.
    List<Setting> byOldNames() {
        return values.entrySet().stream()
                .filter(each -> each.getValue().origin() == Origin.ENVIRONMENT)
                .filter(each -> each.getValue().where().equals(each.getKey().oldName()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether somebody said anything about it.
    boolean isSet(Setting setting) {
        return value(setting).origin() != Origin.DEFAULT;
    }
}

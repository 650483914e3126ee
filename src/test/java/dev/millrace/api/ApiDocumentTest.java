package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the tables of `docs/api.md` against the code.
class ApiDocumentTest {
    private static final Pattern CODE =
            Pattern.compile("^\\| `([A-Z0-9_]+)` \\| (\\d{3}) \\| \\S.* \\| \\S.* \\|$");
    private static final Pattern ROUTE =
            Pattern.compile("^\\| `([A-Z]+ /\\S+)` \\| \\S.* \\| ([a-z]+) \\|$");

    private static List<String> rows(Pattern row) throws IOException {
        return Files.readAllLines(Path.of("docs/api.md")).stream()
                .map(row::matcher)
                .filter(m -> m.matches())
                .map(m -> m.group(1) + " " + m.group(2))
                .toList();
    }

    @Test
    void everyErrorCodeIsExplainedWithItsStatusInTheOrderOfTheCodes() throws IOException {
        assertThat(rows(CODE))
                .isEqualTo(
                        Arrays.stream(ErrorCode.values())
                                .map(code -> code.name() + " " + Problems.status(code))
                                .toList());
    }

    @Test
    void everyRouteThatNeedsATokenIsListedWithItsScope() throws IOException {
        var routes =
                ContractTest.routes().values().stream()
                        .filter(route -> route.scope() != null)
                        .map(ApiDocumentTest::row)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(new TreeSet<>(rows(ROUTE))).isEqualTo(routes);
    }

    private static String row(Route route) {
        var scope = route.scope();
        return "%s %s %s"
                .formatted(
                        route.method().name(),
                        route.path().replaceFirst("^/api/v1", ""),
                        scope == null ? "" : scope.label());
    }
}

package dev.millrace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The package table in ARCHITECTURE.md is the rule; this test only reads it.
class ArchitectureTest {
    private static final String ROOT = "dev.millrace.";
    private static final Pattern ROW =
            Pattern.compile("^\\| `(\\w+)` \\| [^|]+ \\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern NAME =
            Pattern.compile("`(\\w+)`|`([a-z]\\w*(?:\\.\\w+)+)`|(everything)");
    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.millrace");

    record Row(String name, List<String> allowed) {
        static Row parse(String name, String cell) {
            var named = NAME.matcher(cell).results().flatMap(Row::packages);
            var always = Stream.of("java..", "org.jspecify..", "org.slf4j..", ROOT + name + "..");
            return new Row(name, Stream.concat(always, named).toList());
        }

        /// One word is a package of ours, or a library's own root such as `picocli`.
        private static Stream<String> packages(MatchResult name) {
            if (name.group(1) != null) {
                return Stream.of(ROOT + name.group(1) + "..", name.group(1) + "..");
            }
            return name.group(2) != null ? Stream.of(name.group(2) + "..") : Stream.of("..", "*..");
        }
    }

    @TestFactory
    Stream<DynamicTest> packagesImportOnlyWhatTheTableAllows() throws IOException {
        return table().stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> assertKept(row)));
    }

    private static void assertKept(Row row) {
        classes()
                .that()
                .resideInAPackage(ROOT + row.name() + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(row.allowed().toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CODE);
    }

    @Test
    void everyPackageIsInTheTable() throws IOException {
        var names = table().stream().map(Row::name).toList();
        assertThat(names).isNotEmpty();
        assertThat(CODE)
                .filteredOn(c -> !c.getPackageName().equals("dev.millrace"))
                .extracting(ArchitectureTest::topPackage)
                .isSubsetOf(names);
    }

    private static String topPackage(JavaClass c) {
        return c.getPackageName().substring(ROOT.length()).replaceFirst("\\..*", "");
    }

    private static List<Row> table() throws IOException {
        return ROW.matcher(Files.readString(Path.of("ARCHITECTURE.md")))
                .results()
                .map(m -> Row.parse(m.group(1), m.group(2)))
                .toList();
    }
}

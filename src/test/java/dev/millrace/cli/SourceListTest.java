package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which sources a command means.
class SourceListTest {
    @TempDir Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        for (var name :
                List.of(
                        "b.csv",
                        "a.csv",
                        "c.txt",
                        ".hidden.csv",
                        "[x].csv",
                        "x/a.csv",
                        "x/y/d.csv")) {
            var file = folder.resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, "id\n1\n");
        }
    }

    private String in(String name) {
        return folder + "/" + name;
    }

    /// What is meant, seen from the folder.
    private List<String> meant(String... said) {
        return SourceList.of(Arrays.stream(said).map(this::in).toList()).sources().stream()
                .map(source -> folder.relativize(Path.of(source.source())).toString())
                .toList();
    }

    private static List<String> names(String... said) {
        return SourceList.of(List.of(said)).sources().stream().map(SourceList.Named::name).toList();
    }

    @Test
    void aPatternIsTheFilesThatItMatchesByName() {
        assertThat(meant("*.csv")).containsExactly("[x].csv", "a.csv", "b.csv");
        assertThat(meant("?.{csv,txt}")).containsExactly("a.csv", "b.csv", "c.txt");
        assertThat(meant("[ac].*", "b.csv")).containsExactly("a.csv", "c.txt", "b.csv");
        assertThat(meant("*/*.csv")).containsExactly("x/a.csv");
        assertThat(meant("**.csv"))
                .containsExactly("[x].csv", "a.csv", "b.csv", "x/a.csv", "x/y/d.csv");
        assertThat(meant("x/**/*.csv")).containsExactly("x/a.csv", "x/y/d.csv");
        assertThat(meant(".*.csv")).containsExactly(".hidden.csv");
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsThatFile() {
        assertThat(meant("[x].csv")).containsExactly("[x].csv");
    }

    @Test
    void whatMatchesNothingOrIsNamedTwiceIsAnError() {
        assertThatThrownBy(() -> meant("*.parquet"))
                .isInstanceOf(Failure.class)
                .hasMessage("No file matches '%s'".formatted(in("*.parquet")));
        assertThatThrownBy(() -> meant("nowhere/*.csv")).hasMessageContaining("No file matches");
        assertThatThrownBy(() -> meant("[a.csv")).hasMessageContaining("no pattern of file names");
        assertThatThrownBy(() -> meant("a.csv", "*.csv")).hasMessageContaining("named twice");
        assertThatThrownBy(() -> SourceList.of(List.of("-", "-")))
                .hasMessage("Standard input can be read only once");
    }

    @Test
    void sourcesAreCalledAsTheirFilesAreAndThoseOfOneNameByTheirPaths() {
        assertThat(names(in("a.csv"), in("b.csv"), "-", "https://h/p/more.csv?key=secret"))
                .containsExactly("a.csv", "b.csv", "stdin", "more.csv");
        assertThat(names(in("a.csv"), in("x/a.csv"), in("b.csv"), "https://h/a.csv?key=secret"))
                .containsExactly(in("a.csv"), in("x/a.csv"), "b.csv", "https://h/a.csv");
    }

    @Test
    void aSingleSourceIsDescribedAsItAlwaysWas() {
        var one = Json.object();
        SourceList.of(List.of(in("a.csv"))).putInto(one, "");
        var two = Json.object();
        SourceList.of(List.of(in("a.csv"), "-")).putInto(two, "");

        assertThat(one.toString()).isEqualTo("{\"sourceName\":\"a.csv\"}");
        assertThat(two.toString())
                .isEqualTo("{\"sources\":[{\"name\":\"a.csv\",\"bytes\":5},{\"name\":\"stdin\"}]}");
    }
}

package dev.millrace.infer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Parts;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.SourceOptions;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderDoubtTest {
    private final Infer infer = new Infer(1, Parts::next);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7,2.50,2024-01-31\n8,1.25,2024-02-01\n9,0.75,2024-02-02\n",
                "Ann,7\nBob,8\n",
                "5\n4\n3\n",
                "true,x\nfalse,y\n",
                "x;2024-01-31 10:00:00\ny;2024-01-31 10:00:01\n",
                "10.0.0.1,a\n10.0.0.2,b\n",
                "300,x\n1,y\n2,z\n",
                "a,1,3,2\nb,1,2,3\n",
                "\"Ann\",\"7\"\n\"Bob\",\"8\"\n"
            })
    void aFirstRecordOfValuesIsNotTakenForNames(String source) {
        assertThatThrownBy(() -> propose(source, SourceOptions.DETECT, false))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_DIALECT);
                            assertThat(e.remedy()).contains("--no-header").contains("--header");
                        });
        assertThatThrownBy(() ->
                        infer.preview(
                                new ByteArrayInputStream(source.getBytes(UTF_8)),
                                true,
                                SourceOptions.DETECT,
                                false,
                                null))
                .hasMessageContaining("may be the header or the first row");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,amount\n1,2.50\n",
                "country,2019,2020,2021\nFR,5,3,4\nDE,1,9,2\n",
                "country,2021,2020,2019\nFR,5,3,4\n",
                "name,city\nAnn,Rome\nBob,Oslo\n",
                "1,city\nx,Rome\n",
                "7,amount\n8,1\n"
            })
    void namesAreNames(String source) {
        assertThat(propose(source, SourceOptions.DETECT, false).rows()).isPositive();
    }

    @Test
    void whatIsSaidIsNotDoubted() {
        var source = "7,2.50\n8,1.25\n";

        assertThat(propose(source, SourceOptions.DETECT, true).rows()).isEqualTo(1);
        assertThat(propose(source, SourceOptions.DETECT.with(List.of()), false).rows())
                .isEqualTo(2);
        assertThat(propose(source, SourceOptions.DETECT.with(List.of("a", "b")), false).rows())
                .isEqualTo(2);
    }

    private Proposal propose(String source, SourceOptions asked, boolean hasHeader) {
        return infer.propose(new ByteArrayInputStream(source.getBytes(UTF_8)), asked, hasHeader);
    }
}

package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobEndTest {
    @Test
    void aPlainTableNeedsNoQuotes() {
        assertThat(JobEnd.countQuery("data_a1b2c3d4"))
                .isEqualTo("\"SELECT count() FROM data_a1b2c3d4\"");
    }

    @Test
    void anyOtherTableIsQuotedForClickHouseAndForTheShell() {
        assertThat(JobEnd.countQuery("my $table")).isEqualTo("'SELECT count() FROM \"my $table\"'");
        assertThat(JobEnd.countQuery("a'b\"c")).isEqualTo("'SELECT count() FROM \"a'\\''b\\\"c\"'");
    }
}

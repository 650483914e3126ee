package dev.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What a server answers, as the tests of the commands prepare it.
final class Answers {
    static final String JOB = "/api/v1/jobs/e5f6a7b8";
    static final String RUNNING = job("RUNNING", "LOADING", 0.5, 4, 1, "null", "null");
    static final String PARTIAL = job("PARTIAL_SUCCESS", "PUBLISHED", 1, 8, 2, "10", "null");
    static final String SUCCESS = job("SUCCESS", "PUBLISHED", 1, 2, 0, "2", "null");
    static final String FAILED =
            job(
                    "FAILED",
                    "LOADING",
                    1,
                    0,
                    0,
                    "null",
                    """
                    {"code": "HEADER_MISSING_COLUMN", "message": "The header lacks 'amount'",
                     "remedy": "Add the column."}\
                    """);
    static final String COUNTS =
            """
            {"items": [{"error": "NOT_A_NUMBER", "column": "amount", "count": 1200},
                       {"error": "MISSING_COLUMN", "column": "", "count": 1}]}\
            """;

    private Answers() {}

    static String job(
            String state,
            String phase,
            double progress,
            long written,
            long rejected,
            String total,
            String cause) {
        return """
        {"id": "e5f6a7b8", "version": "v/1", "state": "%s", "phase": "%s", "progress": %s,
         "model": {"id": "a1b2c3d4", "name": "purchases", "version": 1, "table": "data_a1b2c3d4"},
         "rows": {"read": %d, "written": %d, "published": %d, "rejected": %d, "total": %s},
         "waitingSeconds": 0.4, "processingSeconds": 62.9, "rowsPerSecond": 1234.5,
         "secondsLeft": 11.2, "cause": %s}\
        """
                .formatted(
                        state,
                        phase,
                        progress,
                        written + rejected,
                        written,
                        phase.equals("PUBLISHED") ? written : 0,
                        rejected,
                        total,
                        cause);
    }

    static String problem(String code, String detail, String remedy) {
        return "{\"code\": \"%s\", \"detail\": \"%s\", \"remedy\": \"%s\"}"
                .formatted(code, detail, remedy);
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

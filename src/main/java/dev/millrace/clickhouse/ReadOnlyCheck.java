package dev.millrace.clickhouse;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.util.List;

/// What a server's `readonly` lets pass although it is no reading: KILL, since every user may end
/// the own queries, and all who use a connection are one user there; EXECUTE AS, behind which
/// another user's rights stand. The server is asked how it reads the statement, and its answer is
/// looked at: no comment, bracket or spelling hides anything from the parser that would run it.
final class ReadOnlyCheck {
    /// As much of the statement as its first words need.
    private static final int HEAD = 32;

    private static final List<String> REFUSED = List.of("KILL", "EXECUTE AS");

    private static final long USUAL_QUERY_SIZE = 1 << 18;

    private ReadOnlyCheck() {}

    /// Asks for one String, `head`: how the statement begins, as the server would write it. The
    /// server refuses it when it cannot read the statement.
    static String question(String sql) {
        return "SELECT substring(formatQuerySingleLine(%s), 1, %d) AS head"
                .formatted(Sql.literal(sql), HEAD);
    }

    /// The setting `max_query_size` that this question takes: its bytes, at most.
    static String size(String question) {
        return Long.toString(USUAL_QUERY_SIZE + 3L * question.length());
    }

    /// @param head the server's answer
    /// @throws MillraceException QUERY_REFUSED
    static void require(String head) {
        for (var word : REFUSED) {
            if (head.startsWith(word + " ")) {
                throw new MillraceException(
                        ErrorCode.QUERY_REFUSED,
                        "%s does more than read, and is refused here".formatted(word),
                        "An export is ended with: millrace export cancel ID. A query ends when"
                                + " its caller goes away.",
                        null);
            }
        }
    }
}

package dev.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a connection to an S3 is made of, on a command line.
@Command
final class S3Flags {
    static final String KIND = "s3";
    static final String SECRET_KEY = "MILLRACE_CONNECTION_SECRET_KEY";
    static final String SESSION_TOKEN = "MILLRACE_CONNECTION_SESSION_TOKEN";

    @Option(
            names = "--region",
            paramLabel = "NAME",
            description = "Of an S3: the region of its buckets, such as eu-west-1.")
    private @Nullable String region;

    @Option(
            names = "--access-key-id",
            paramLabel = "ID",
            description =
                    "Of an S3: who signs in. The secret access key is asked for, or read from"
                            + " --secret-key-file or the variable MILLRACE_CONNECTION_SECRET_KEY.")
    private @Nullable String accessKeyId;

    @Option(
            names = "--secret-key-file",
            paramLabel = "FILE",
            description = "A file whose first line is the secret access key; - for standard input.")
    private @Nullable String secretKeyFile;

    @Option(
            names = "--session-token-file",
            paramLabel = "FILE",
            description =
                    "A file whose first line is the session token of temporary keys. Otherwise the"
                            + " variable MILLRACE_CONNECTION_SESSION_TOKEN.")
    private @Nullable String sessionTokenFile;

    @Option(
            names = "--path-style",
            arity = "1",
            paramLabel = "true|false",
            description =
                    "Of an S3: whether a bucket stands in the path, not in front of the host"
                            + " (default: true with an endpoint, false for AWS).")
    private @Nullable Boolean pathStyle;

    /// Puts what was said into a request's body.
    ///
    /// @param ask whether to ask a person for a secret access key that is not said otherwise
    /// @throws Failure for a file that cannot be read
    void putInto(ObjectNode body, Terminal terminal, boolean ask) {
        body.put("kind", KIND);
        ConnectionFlags.putUnlessNull(body, "region", region);
        ConnectionFlags.putUnlessNull(body, "accessKeyId", accessKeyId);
        if (pathStyle != null) {
            body.put("pathStyle", pathStyle);
        }
        var key = ConnectionFlags.secret(secretKeyFile, SECRET_KEY, terminal);
        if (key == null && ask) {
            key =
                    ConnectionFlags.asked(
                            terminal, "Secret access key: ", "--secret-key-file", SECRET_KEY);
        }
        ConnectionFlags.putUnlessNull(body, "secretAccessKey", key);
        if (key != null) {
            ConnectionFlags.putUnlessNull(
                    body,
                    "sessionToken",
                    ConnectionFlags.secret(sessionTokenFile, SESSION_TOKEN, terminal));
        }
    }

    /// @throws Failure when something is said that another kind does not have
    void refuse() {
        if (region != null
                || accessKeyId != null
                || secretKeyFile != null
                || sessionTokenFile != null
                || pathStyle != null) {
            throw new Failure(
                    "A region, access key, session token or path style is of an S3",
                    "Add --kind s3, or leave them out.");
        }
    }
}

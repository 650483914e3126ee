package dev.millrace.s3;

import dev.millrace.core.ErrorCategory;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.ObjectName;
import dev.millrace.core.S3Reach;
import dev.millrace.remote.Place;
import dev.millrace.remote.Unreached;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// What went wrong on the way to a connection's S3, or was refused there, said precisely. It never
/// has the secret: S3's own texts are shown only where none of them can hold a part of a request.
final class S3Failure {
    private static final Place.Kind KIND =
            new Place.Kind(
                    "an S3",
                    ErrorCode.NOT_S3,
                    "Check the port of the endpoint.",
                    "Use http, or the port that has TLS.",
                    "Name the endpoint of an S3; with https when it has TLS.");

    /// What passes by itself.
    private static final Set<String> PASSING =
            Set.of(
                    "SlowDown",
                    "InternalError",
                    "ServiceUnavailable",
                    "RequestTimeout",
                    "TooManyRequests");

    /// Where a refused signature tells the region: `… is wrong; expecting 'eu-west-1'`.
    private static final Pattern EXPECTED = Pattern.compile("expecting '([a-z0-9-]{1,40})'");

    private S3Failure() {}

    /// What was asked for.
    ///
    /// @param right the right that it takes, as AWS calls it
    /// @param what the bucket or object, or null when it is about neither
    record Request(String right, @Nullable ObjectName what) {
        String place() {
            return what == null ? "" : " for " + what;
        }
    }

    static MillraceException of(S3Reach reach, Request request, SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case MillraceException known -> {
                    return known;
                }
                case AwsServiceException refused -> {
                    return refused(reach, request, refused);
                }
                case IOException way -> {
                    return Unreached.of(place(reach), way);
                }
                default -> {}
            }
        }
        return strange(reach, "its answer is not understood", e);
    }

    private static Place place(S3Reach reach) {
        var endpoint = S3Clients.endpoint(reach);
        return new Place(
                endpoint.toString(),
                endpoint.getHost(),
                "https".equals(endpoint.getScheme()),
                reach.connectLimit(),
                reach.answerLimit(),
                KIND);
    }

    /// The same as what another try may help against, unless the server has refused it.
    static MillraceException passing(MillraceException e) {
        var passes =
                switch (e.code()) {
                    case HOST_UNKNOWN, PORT_CLOSED, CONNECTION_TIMEOUT, TLS_FAILED, NOT_S3 -> true;
                    default -> e.category() == ErrorCategory.EXTERNAL;
                };
        return passes
                ? new MillraceException(ErrorCode.S3_UNAVAILABLE, e.what(), e.remedy(), e)
                : e;
    }

    private static MillraceException refused(
            S3Reach reach, Request request, AwsServiceException e) {
        var details = e.awsErrorDetails();
        var code = details == null ? null : details.errorCode();
        if (code == null || code.isEmpty()) {
            return e.statusCode() >= 500
                    ? unavailable(reach, "HTTP status %d".formatted(e.statusCode()), e)
                    : strange(reach, "it answers with HTTP status %d".formatted(e.statusCode()), e);
        }
        if (PASSING.contains(code) || e.statusCode() == 429 || e.statusCode() == 503) {
            return unavailable(reach, code, e);
        }
        return switch (code) {
            case "InvalidAccessKeyId" ->
                    new MillraceException(
                            ErrorCode.ACCESS_KEY_UNKNOWN,
                            "%s does not know the access key id '%s'"
                                    .formatted(address(reach), reach.accessKeyId()),
                            "Check it, and that the endpoint is the one that it is of.",
                            e);
            case "SignatureDoesNotMatch" ->
                    new MillraceException(
                            ErrorCode.LOGIN_REFUSED,
                            "The secret access key is not that of '%s' at %s"
                                    .formatted(reach.accessKeyId(), address(reach)),
                            "Give the connection the right one: millrace connection update NAME"
                                    + " --secret-key-file FILE",
                            e);
            case "RequestTimeTooSkewed" ->
                    new MillraceException(
                            ErrorCode.CLOCK_SKEWED,
                            "%s refuses requests because this server's clock differs from its own"
                                    .formatted(address(reach)),
                            "Set this server's clock; it may differ by 15 minutes at most.",
                            e);
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
                    new MillraceException(
                            ErrorCode.TOKEN_REFUSED,
                            code.equals("ExpiredToken")
                                    ? "The session token for %s has expired"
                                            .formatted(address(reach))
                                    : "%s does not take the session token"
                                            .formatted(address(reach)),
                            "Give the connection a new key and token: millrace connection update"
                                    + " NAME --secret-key-file FILE --session-token-file FILE",
                            e);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "Redirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" ->
                    otherRegion(reach, request, e);
            case "NoSuchBucket", "InvalidBucketName" -> missingBucket(reach, request, e);
            case "NoSuchKey", "NoSuchVersion" -> missingObject(request, e);
            case "PreconditionFailed", "ConditionalRequestConflict" ->
                    new MillraceException(
                            ErrorCode.OBJECT_CHANGED,
                            "The object%s is not the one that it was when it was first looked at"
                                    .formatted(request.place()),
                            "Load it again once nobody writes it any more.",
                            e);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden" ->
                    missingRight(reach, request, e);
            default -> other(reach, request, code, e);
        };
    }

    private static MillraceException missingBucket(
            S3Reach reach, Request request, AwsServiceException e) {
        var what = request.what();
        return new MillraceException(
                ErrorCode.BUCKET_MISSING,
                "There is no bucket '%s' at %s"
                        .formatted(what == null ? "" : what.bucket(), address(reach)),
                "Check its name, and that the endpoint is the one that it is of.",
                e);
    }

    private static MillraceException missingObject(Request request, AwsServiceException e) {
        return new MillraceException(
                ErrorCode.OBJECT_MISSING,
                "There is no object%s".formatted(request.place().replaceFirst(" for", "")),
                "Check its key: capitals and every / count.",
                e);
    }

    private static MillraceException missingRight(
            S3Reach reach, Request request, AwsServiceException e) {
        return new MillraceException(
                ErrorCode.RIGHT_MISSING,
                "'%s' lacks the right %s%s at %s"
                        .formatted(
                                reach.accessKeyId(),
                                request.right(),
                                request.place(),
                                address(reach)),
                "Whoever rules that S3 can grant it. Where there is no right to list, a missing"
                        + " object is answered alike.",
                e);
    }

    private static MillraceException otherRegion(
            S3Reach reach, Request request, AwsServiceException e) {
        var region = region(e);
        return new MillraceException(
                ErrorCode.REGION_WRONG,
                "%s is not in the region '%s'%s"
                        .formatted(
                                request.what() == null
                                        ? address(reach)
                                        : "The bucket '%s'".formatted(request.what().bucket()),
                                reach.region(),
                                region == null ? "" : ", but in '%s'".formatted(region)),
                region == null
                        ? "Give the connection the bucket's region and the endpoint of that."
                        : "millrace connection update NAME --region " + region,
                e);
    }

    private static @Nullable String region(AwsServiceException e) {
        var response = e.awsErrorDetails().sdkHttpResponse();
        var header =
                response == null
                        ? null
                        : response.firstMatchingHeader("x-amz-bucket-region").orElse(null);
        if (header != null && header.matches("[a-z0-9-]{1,40}")) {
            return header;
        }
        var found = EXPECTED.matcher(String.valueOf(e.awsErrorDetails().errorMessage()));
        return found.find() ? found.group(1) : null;
    }

    private static MillraceException other(
            S3Reach reach, Request request, String code, AwsServiceException e) {
        var shown = code.matches("[A-Za-z0-9.]{1,80}") ? code : "an unknown code";
        if (e.statusCode() >= 500) {
            return unavailable(reach, shown, e);
        }
        return new MillraceException(
                ErrorCode.S3_REFUSED,
                "%s refuses the request%s: %s, HTTP status %d"
                        .formatted(address(reach), request.place(), shown, e.statusCode()),
                null,
                e);
    }

    private static MillraceException unavailable(S3Reach reach, String said, Throwable e) {
        return new MillraceException(
                ErrorCode.S3_UNAVAILABLE,
                "%s cannot answer now: %s".formatted(address(reach), said),
                "Try again in a moment.",
                e);
    }

    /// Something else than an S3 answers.
    static MillraceException strange(S3Reach reach, String how, @Nullable Throwable e) {
        return new MillraceException(
                ErrorCode.NOT_S3,
                "What listens at %s is no S3: %s".formatted(address(reach), how),
                "Name the endpoint of an S3, without a bucket.",
                e);
    }

    private static String address(S3Reach reach) {
        return S3Clients.endpoint(reach).toString();
    }
}

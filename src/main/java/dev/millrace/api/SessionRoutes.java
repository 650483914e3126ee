package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;

/// Signs browsers in and out. The session is a token in a cookie that no script can read and no
/// other site can make the browser send.
final class SessionRoutes {
    private static final Duration TTL = Duration.ofHours(12);
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";

    private final SignInCodes codes;
    private final Tokens tokens;

    SessionRoutes(SignInCodes codes, Tokens tokens) {
        this.codes = codes;
        this.tokens = tokens;
    }

    void signIn(Context ctx) {
        var subject =
                codes.redeem(QueryParameters.text(ctx, "code", ""))
                        .orElseThrow(() ->
                                new MillraceException(
                                        ErrorCode.UNAUTHENTICATED,
                                        "This sign-in link was used before or is too old",
                                        "Each works once, for ten minutes. On /docs, Authorize takes what"
                                                + " 'millrace token create' prints.",
                                        null));
        setCookie(ctx, tokens.issue(subject, TTL), TTL);
        ctx.redirect("/", HttpStatus.SEE_OTHER);
    }

    void signOut(Context ctx) {
        Authentication.requireOwnPage(ctx);
        setCookie(ctx, "", Duration.ZERO);
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private static void setCookie(Context ctx, String value, Duration ttl) {
        ctx.header(
                "Set-Cookie", Authentication.COOKIE + "=" + value + ATTRIBUTES + ttl.toSeconds());
    }
}

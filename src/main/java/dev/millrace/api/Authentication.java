package dev.millrace.api;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds out who asks: by a bearer token (RFC 6750), or by the same token in the cookie that
/// signing in sets. A browser sends a cookie whatever page made it do so; hence a request that
/// comes with nothing else and may change something must come from a page of ours. Thread-safe.
final class Authentication {
    static final String COOKIE = "millrace_session";

    private static final String CALLER = "millrace.caller";
    private static final String BEARER = "bearer ";

    private final Tokens tokens;

    Authentication(Tokens tokens) {
        this.tokens = tokens;
    }

    /// Lets a request with a valid token of this scope pass and notes whose it is.
    ///
    /// @throws MillraceException UNAUTHENTICATED, FORBIDDEN
    void admit(Context ctx, Scope needed) {
        var caller = tokens.verify(token(ctx));
        require(ctx, caller, needed);
        ctx.attribute(CALLER, caller);
    }

    /// Of an admitted request that asks for more than its route does.
    ///
    /// @throws MillraceException FORBIDDEN
    static void require(Context ctx, Scope needed) {
        require(ctx, caller(ctx), needed);
    }

    private static void require(Context ctx, Caller caller, Scope needed) {
        if (!needed.isCoveredBy(caller.scopes())) {
            // RFC 6750, 3.1
            ctx.header(
                    "WWW-Authenticate",
                    "Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(needed.label()));
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "This needs the scope '%s'; the token has %s"
                            .formatted(needed.label(), said(caller)),
                    "millrace token create --scope %s makes one that has it."
                            .formatted(needed.label()),
                    null);
        }
    }

    private static String said(Caller caller) {
        return caller.scopes().isEmpty() ? "none" : "'" + Scope.text(caller.scopes()) + "'";
    }

    /// The subject of an admitted request's token.
    static String owner(Context ctx) {
        return caller(ctx).subject();
    }

    /// Who asks, of an admitted request.
    static Caller caller(Context ctx) {
        return Objects.requireNonNull(ctx.<Caller>attribute(CALLER), "not admitted");
    }

    private static String token(Context ctx) {
        var header = ctx.header("Authorization");
        if (header != null) {
            if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
                throw unauthenticated("The Authorization header does not hold a bearer token");
            }
            return header.substring(BEARER.length()).strip();
        }
        var cookie = ctx.cookie(COOKIE);
        if (cookie == null) {
            throw unauthenticated("This needs a token");
        }
        if (!ctx.method().equals(HandlerType.GET)) {
            requireOwnPage(ctx);
        }
        return cookie;
    }

    /// Refuses a browser's request that another site's page has made.
    ///
    /// @throws MillraceException FORBIDDEN
    static void requireOwnPage(Context ctx) {
        var site = ctx.header("Sec-Fetch-Site");
        var own =
                site != null
                        ? site.equals("same-origin")
                        : isOwn(ctx.header("Origin"), ctx.header("Host"));
        if (!own) {
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "With a session's cookie only Millrace's own pages may ask for this",
                    "Send the token as Authorization: Bearer instead.",
                    null);
        }
    }

    private static boolean isOwn(@Nullable String origin, @Nullable String host) {
        if (origin == null || host == null) {
            return false;
        }
        try {
            return host.equalsIgnoreCase(new URI(origin).getAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static MillraceException unauthenticated(String what) {
        return new MillraceException(
                ErrorCode.UNAUTHENTICATED,
                what,
                "Send Authorization: Bearer and a token; millrace token create makes one.",
                null);
    }
}

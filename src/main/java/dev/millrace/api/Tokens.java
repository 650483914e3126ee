package dev.millrace.api;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Makes and checks the bearer tokens of the API: JSON Web Tokens (RFC 7519) signed with HS256.
/// Whoever knows the secret can make tokens elsewhere: `sub` is needed, `exp` and `nbf` are
/// honoured, and `scope` (RFC 8693, 4.2) says what the token is good for. One that lacks it was
/// made before there were scopes, or by somebody who forgot: it may read. Thread-safe.
public final class Tokens {
    /// HS256 wants a key at least as long as its hash (RFC 7518, 3.2).
    public static final int MIN_SECRET_BYTES = 32;

    private static final String SCOPE = "scope";

    private final MACSigner signer;
    private final MACVerifier verifier;
    private final InstantSource clock;

    /// @throws MillraceException INVALID_CONFIGURATION when the secret is shorter than
    ///   [#MIN_SECRET_BYTES] in UTF-8
    public Tokens(String secret) {
        this(secret, InstantSource.system());
    }

    Tokens(String secret, InstantSource clock) {
        var key = secret.getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_SECRET_BYTES) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The secret that signs tokens has %d bytes; it needs %d or more"
                            .formatted(key.length, MIN_SECRET_BYTES),
                    "Make one with: openssl rand -hex 32",
                    null);
        }
        try {
            this.signer = new MACSigner(key);
            this.verifier = new MACVerifier(key);
        } catch (JOSEException e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR, "This Java cannot sign tokens with HS256", e);
        }
        this.clock = clock;
    }

    /// Makes a token that is good for everything.
    ///
    /// @throws MillraceException as [#issue(String, Set, Duration)]
    public String issue(String subject, Duration ttl) {
        return issue(subject, EnumSet.allOf(Scope.class), ttl);
    }

    /// Makes a token.
    ///
    /// @param subject who will own what is made with it; not blank
    /// @param scopes what it is good for, at least one
    /// @throws MillraceException INVALID_REQUEST when the subject is blank, the time not positive,
    ///   or there is no scope
    public String issue(String subject, Set<Scope> scopes, Duration ttl) {
        if (subject.isBlank() || !ttl.isPositive() || scopes.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A token needs a subject, a scope and a time to live, not '%s', '%s' and %s"
                            .formatted(subject, Scope.text(scopes), ttl));
        }
        var now = clock.instant();
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
        var claims =
                new JWTClaimsSet.Builder()
                        .subject(subject)
                        .claim(SCOPE, Scope.text(scopes))
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(ttl)))
                        .build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL_ERROR, "The token could not be signed", e);
        }
        return token.serialize();
    }

    /// Checks a token.
    ///
    /// @throws MillraceException UNAUTHENTICATED, saying what is wrong with it
    Caller verify(String token) {
        try {
            var jwt = SignedJWT.parse(token);
            if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)) {
                throw refused("is not signed with HS256");
            }
            if (!jwt.verify(verifier)) {
                throw refused("is not signed with this server's secret");
            }
            var claims = jwt.getJWTClaimsSet();
            requireInForce(claims);
            var expires = claims.getExpirationTime();
            return new Caller(
                    subject(claims), scopes(claims), expires == null ? null : expires.toInstant());
        } catch (ParseException | JOSEException e) {
            throw refused("is not a signed JSON Web Token");
        }
    }

    private void requireInForce(JWTClaimsSet claims) {
        var now = clock.instant();
        var expires = claims.getExpirationTime();
        if (expires != null && !now.isBefore(expires.toInstant())) {
            throw refused("expired at " + expires.toInstant());
        }
        var begins = claims.getNotBeforeTime();
        if (begins != null && now.isBefore(begins.toInstant())) {
            throw refused("is not valid before " + begins.toInstant());
        }
    }

    private static String subject(JWTClaimsSet claims) {
        var subject = claims.getSubject();
        if (subject == null || subject.isBlank()) {
            throw refused("has no subject");
        }
        return subject;
    }

    /// Scopes of other programs are passed over.
    private static Set<Scope> scopes(JWTClaimsSet claims) {
        return switch (claims.getClaim(SCOPE)) {
            case null -> Set.of(Scope.READ);
            case String text ->
                    Arrays.stream(text.split(" "))
                            .flatMap(word -> Scope.find(word).stream())
                            .collect(Collectors.toUnmodifiableSet());
            case Object other -> throw refused("has a scope that is no text: " + other);
        };
    }

    private static MillraceException refused(String why) {
        return new MillraceException(
                ErrorCode.UNAUTHENTICATED,
                "The token " + why,
                "millrace token create makes a new one.",
                null);
    }
}

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
import java.util.Date;
import java.util.UUID;

/// Makes and checks the bearer tokens of the API: JSON Web Tokens (RFC 7519) signed with HS256.
/// Whoever knows the secret can make tokens elsewhere: `sub` is needed, `exp` and `nbf` are
/// honoured, `scope` is accepted and means nothing yet. Thread-safe.
public final class Tokens {
    /// HS256 wants a key at least as long as its hash (RFC 7518, 3.2).
    public static final int MIN_SECRET_BYTES = 32;

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

    /// Makes a token.
    ///
    /// @param subject who will own what is made with it; not blank
    /// @throws MillraceException INVALID_REQUEST when the subject is blank or the time not positive
    public String issue(String subject, Duration ttl) {
        if (subject.isBlank() || !ttl.isPositive()) {
            throw new MillraceException(
                    ErrorCode.INVALID_REQUEST,
                    "A token needs a subject and a time to live, not '%s' and %s"
                            .formatted(subject, ttl));
        }
        var now = clock.instant();
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
        var claims =
                new JWTClaimsSet.Builder()
                        .subject(subject)
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
    /// @return its subject
    /// @throws MillraceException UNAUTHENTICATED, saying what is wrong with it
    public String verify(String token) {
        try {
            var jwt = SignedJWT.parse(token);
            if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)) {
                throw refused("is not signed with HS256");
            }
            if (!jwt.verify(verifier)) {
                throw refused("is not signed with this server's secret");
            }
            return subject(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException e) {
            throw refused("is not a signed JSON Web Token");
        }
    }

    private String subject(JWTClaimsSet claims) {
        var now = clock.instant();
        var expires = claims.getExpirationTime();
        if (expires != null && !now.isBefore(expires.toInstant())) {
            throw refused("expired at " + expires.toInstant());
        }
        var begins = claims.getNotBeforeTime();
        if (begins != null && now.isBefore(begins.toInstant())) {
            throw refused("is not valid before " + begins.toInstant());
        }
        var subject = claims.getSubject();
        if (subject == null || subject.isBlank()) {
            throw refused("has no subject");
        }
        return subject;
    }

    private static MillraceException refused(String why) {
        return new MillraceException(
                ErrorCode.UNAUTHENTICATED,
                "The token " + why,
                "millrace token create makes a new one.",
                null);
    }
}

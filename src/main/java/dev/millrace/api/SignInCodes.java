package dev.millrace.api;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The codes in sign-in links. Each works once, for ten minutes, in this process. Thread-safe.
final class SignInCodes {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final int MOST = 100;
    private static final int CODE_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final Map<String, Code> codes =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Code> eldest) {
                    return size() > MOST;
                }
            };

    private record Code(String subject, Instant expires) {}

    SignInCodes(InstantSource clock) {
        this.clock = clock;
    }

    /// A new code that signs in as `subject`. When too many are open, the oldest is forgotten.
    synchronized String issue(String subject) {
        var bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        var code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        codes.put(code, new Code(subject, clock.instant().plus(TTL)));
        return code;
    }

    /// Uses a code up.
    ///
    /// @return its subject, or empty when it is unknown, used or too old
    synchronized Optional<String> redeem(String code) {
        return Optional.ofNullable(codes.remove(code))
                .filter(c -> clock.instant().isBefore(c.expires()))
                .map(Code::subject);
    }
}

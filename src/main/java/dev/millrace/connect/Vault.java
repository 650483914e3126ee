package dev.millrace.connect;

import dev.millrace.core.ConnectionId;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts secrets for the catalog: AES-256-GCM with a random nonce and the connection's id as
/// associated data, so that one connection's secret cannot be put in another's place. What is kept:
/// a 1 for this form, 12 bytes of nonce, the ciphertext with its tag of 16 bytes. Thread-safe.
public final class Vault {
    /// How long a key is.
    public static final int KEY_BYTES = 32;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte FORM = 1;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /// @param hex the key: 64 hex digits
    /// @throws MillraceException INVALID_CONFIGURATION for anything else
    public Vault(String hex) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_BYTES) {
            // not with its cause, which would show a part of the key
            throw new MillraceException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "secrets.key is not a key: it takes %d hex digits".formatted(KEY_BYTES * 2),
                    "Make one with: openssl rand -hex 32",
                    null);
        }
        this.key = new SecretKeySpec(bytes, "AES");
    }

    byte[] seal(ConnectionId id, Secret secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed =
                    cipher(Cipher.ENCRYPT_MODE, id, nonce)
                            .doFinal(secret.text().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORM)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is in every JDK", e);
        }
    }

    /// @throws MillraceException SECRET_UNREADABLE
    Secret open(ConnectionId id, byte[] sealed) {
        try {
            var in = ByteBuffer.wrap(sealed);
            var nonce = new byte[NONCE_BYTES];
            if (in.remaining() <= NONCE_BYTES || in.get() != FORM) {
                throw new GeneralSecurityException("not sealed here");
            }
            in.get(nonce);
            var text = new byte[in.remaining()];
            in.get(text);
            return new Secret(
                    new String(
                            cipher(Cipher.DECRYPT_MODE, id, nonce).doFinal(text),
                            StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new MillraceException(
                    ErrorCode.SECRET_UNREADABLE,
                    "The secret of the connection %s cannot be decrypted".formatted(id),
                    "This server's secrets.key is not the one that it was encrypted with: start"
                            + " with that one, or give the connection its password or token again.",
                    e);
        }
    }

    private Cipher cipher(int mode, ConnectionId id, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(id.uuid().toString().getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}

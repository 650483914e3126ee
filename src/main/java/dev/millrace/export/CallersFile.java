package dev.millrace.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A file of who asks for an export, on this very machine, that the server writes in place of
/// sending it: so its bytes need not pass through a connection and another process.
///
/// A server must not write into whatever file somebody names. Only a file is taken that is called
/// `….part` and holds [#SEAL_BYTES] bytes: the SHA-256, in hex, of a secret that the request
/// brings. So whoever asks could write the file before; and who could only read it does not know
/// the secret. What is overwritten is what was compared: both is done by one opened file, whose
/// name is not a link. For one thread.
public final class CallersFile extends OutputStream {
    /// What the name of such a file ends with, as that of no other file does that Millrace keeps
    /// for others.
    static final String SUFFIX = ".part";

    /// The length of what the file holds before.
    static final int SEAL_BYTES = 64;

    private static final int LEAST_SECRET = 32;

    private final Path path;
    private final FileChannel channel;

    private CallersFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Takes a file, which is empty then.
    ///
    /// @param path its absolute path
    /// @param secret at least 32 characters, whose hash the file holds
    /// @throws MillraceException FILE_ELSEWHERE when there is no such file here, this server may
    ///   not write it, or it does not hold the hash
    public static CallersFile open(String path, String secret) {
        var file = parse(path);
        if (file == null
                || !file.isAbsolute()
                || !file.toString().endsWith(SUFFIX)
                || secret.length() < LEAST_SECRET
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw elsewhere(path, null);
        }
        try {
            var channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
            if (isTaken(channel, secret)) {
                return new CallersFile(file, channel);
            }
            throw elsewhere(path, null);
        } catch (IOException e) {
            throw elsewhere(path, e);
        }
    }

    /// Empties a file that is the caller's, and closes any other.
    private static boolean isTaken(FileChannel channel, String secret) throws IOException {
        var taken = false;
        try {
            if (isSealed(channel, secret)) {
                channel.truncate(0);
                taken = true;
            }
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        return taken;
    }

    private static @Nullable Path parse(String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isSealed(FileChannel channel, String secret) throws IOException {
        if (channel.size() != SEAL_BYTES) {
            return false;
        }
        var held = ByteBuffer.allocate(SEAL_BYTES);
        var at = 0;
        for (var n = 0; held.hasRemaining() && n >= 0; at += n) {
            n = channel.read(held, at);
        }
        return MessageDigest.isEqual(held.array(), seal(secret).getBytes(UTF_8));
    }

    private static String seal(String secret) {
        return HexFormat.of().formatHex(Sha256.begin().digest(secret.getBytes(UTF_8)));
    }

    /// One reason for all, so that nobody learns which files are there.
    public static MillraceException elsewhere(String path, @Nullable Exception cause) {
        return new MillraceException(
                ErrorCode.FILE_ELSEWHERE,
                "'%s' is not a file that this server may write for you".formatted(path),
                "Receive the file with GET instead.",
                cause);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /// @throws MillraceException EXPORT_INTERRUPTED when the file cannot be written any further
    @Override
    public void write(byte[] bytes, int from, int count) {
        try {
            for (var left = ByteBuffer.wrap(bytes, from, count); left.hasRemaining(); ) {
                channel.write(left);
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.EXPORT_INTERRUPTED,
                    "'%s' could not be written any further: %s".formatted(path, words(e)),
                    "See to it that there is room for it, and make another export.",
                    e);
        }
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

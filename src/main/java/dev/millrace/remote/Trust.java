package dev.millrace.remote;

import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whose certificates a connection trusts.
public final class Trust {
    private Trust() {}

    /// @param ca certificates in PEM, or null for the usual authorities
    /// @throws MillraceException INVALID_CONNECTION when it is no certificate
    public static SSLContext context(@Nullable String ca) {
        try {
            if (ca == null) {
                return SSLContext.getDefault();
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers(ca), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw invalid(e);
        }
    }

    private static MillraceException invalid(Exception e) {
        return new MillraceException(
                ErrorCode.INVALID_CONNECTION,
                "The CA is no certificate: " + e.getMessage(),
                "Give it as PEM: one or more of BEGIN CERTIFICATE … END CERTIFICATE.",
                e);
    }

    private static TrustManager[] managers(String ca) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var text = new ByteArrayInputStream(ca.getBytes(StandardCharsets.UTF_8));
        var n = 0;
        for (var each : CertificateFactory.getInstance("X.509").generateCertificates(text)) {
            store.setCertificateEntry("ca" + n++, each);
        }
        if (n == 0) {
            throw new GeneralSecurityException("there is none in it");
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        return managers.getTrustManagers();
    }
}

package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.jspecify.annotations.Nullable;

/// HTTP to a server that somebody has named: to the very addresses that the rules allow (the name
/// is looked up once, and what was looked at is what is connected to), over TLS that is checked
/// against the name, and never on to where a redirect leads.
final class RemoteHttp {
    private static final int MAX_CONNECTIONS = 32;
    // shorter than what servers and the proxies before them keep
    private static final long KEEP_SECONDS = 8;

    private RemoteHttp() {}

    /// Finds the addresses of a name.
    interface Lookup {
        InetAddress[] find(String name) throws UnknownHostException;
    }

    /// @throws MillraceException INVALID_CONNECTION when the CA is no certificate
    static CloseableHttpClient open(ClickHouseReach reach, HostRules rules) {
        return open(reach, rules, InetAddress::getAllByName);
    }

    static CloseableHttpClient open(ClickHouseReach reach, HostRules rules, Lookup lookup) {
        var connect = reach.connectLimit().toMillis();
        var answer = reach.answerLimit().toMillis();
        var connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedNames(rules, lookup))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust(reach.ca())))
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(connect, TimeUnit.MILLISECONDS)
                                        .setSocketTimeout((int) answer, TimeUnit.MILLISECONDS)
                                        .setTimeToLive(KEEP_SECONDS, TimeUnit.SECONDS)
                                        .build())
                        .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(connect, TimeUnit.MILLISECONDS)
                                .setResponseTimeout(answer, TimeUnit.MILLISECONDS)
                                .setRedirectsEnabled(false)
                                .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("millrace")
                .build();
    }

    private static SSLContext trust(@Nullable String ca) {
        try {
            if (ca == null) {
                return SSLContext.getDefault();
            }
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
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new MillraceException(
                    ErrorCode.INVALID_CONNECTION,
                    "The CA is no certificate: " + e.getMessage(),
                    "Give it as PEM: one or more of BEGIN CERTIFICATE … END CERTIFICATE.",
                    e);
        }
    }

    /// Names, as far as the rules allow what they lead to.
    private record CheckedNames(HostRules rules, Lookup lookup) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            var name =
                    host.startsWith("[") && host.endsWith("]")
                            ? host.substring(1, host.length() - 1)
                            : host;
            return rules.allowed(host, Arrays.asList(lookup.find(name)))
                    .toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return resolve(host)[0].getHostName();
        }
    }
}

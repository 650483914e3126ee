package dev.millrace.clickhouse;

import dev.millrace.core.ClickHouseReach;
import dev.millrace.core.HostRules;
import dev.millrace.core.MillraceException;
import dev.millrace.remote.AllowedNames;
import dev.millrace.remote.Trust;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;

/// HTTP to a server that somebody has named: to the very addresses that the rules allow (the name
/// is looked up once, and what was looked at is what is connected to), over TLS that is checked
/// against the name, and never on to where a redirect leads.
final class RemoteHttp {
    private static final int MAX_CONNECTIONS = 32;
    // shorter than what servers and the proxies before them keep
    private static final long KEEP_SECONDS = 8;

    private RemoteHttp() {}

    /// @throws MillraceException INVALID_CONNECTION when the CA is no certificate
    static CloseableHttpClient open(ClickHouseReach reach, HostRules rules) {
        return open(reach, new AllowedNames(rules));
    }

    /// @param names the names that may be connected to
    static CloseableHttpClient open(ClickHouseReach reach, AllowedNames names) {
        var connect = reach.connectLimit().toMillis();
        var answer = reach.answerLimit().toMillis();
        var connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(names)
                        .setTlsSocketStrategy(
                                new DefaultClientTlsStrategy(Trust.context(reach.ca())))
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
}

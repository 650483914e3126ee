package dev.millrace.remote;

import dev.millrace.core.HostRules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/// Names, as far as the rules allow what they lead to. An HTTP client that has it looks a name up
/// once, and connects to what was looked at. Thread-safe.
///
/// @param rules the administrator's
public record AllowedNames(HostRules rules) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var name =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        return rules.allowed(host, Arrays.asList(InetAddress.getAllByName(name)))
                .toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return resolve(host)[0].getHostName();
    }
}

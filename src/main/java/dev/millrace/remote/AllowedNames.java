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
/// @param lookup finds the addresses of a name
public record AllowedNames(HostRules rules, Lookup lookup) implements DnsResolver {
    /// Finds the addresses of a name.
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] find(String name) throws UnknownHostException;
    }

    /// With the addresses that this machine finds.
    public AllowedNames(HostRules rules) {
        this(rules, InetAddress::getAllByName);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var name =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        return rules.allowed(host, Arrays.asList(lookup.find(name))).toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return resolve(host)[0].getHostName();
    }
}

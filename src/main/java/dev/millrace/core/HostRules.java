package dev.millrace.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which hosts connections may reach, as the administrator says. What matters is the address that
/// is connected to: a name can be made to lead anywhere. Immutable.
///
/// Addresses of one link and of clouds' metadata are refused whatever the rules say: nobody's
/// database is there, and the keys to a whole account may be.
public final class HostRules {
    private static final Pattern WHOLE_IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final String PUBLIC = "public";

    private static final List<Network> NEVER =
            networks(
                    "0.0.0.0/8", // this host
                    "169.254.0.0/16", // one link, and most clouds' metadata
                    "100.100.100.200/32", // metadata of Alibaba Cloud
                    "192.0.0.192/32", // metadata of Oracle Cloud
                    "224.0.0.0/4", // multicast
                    "255.255.255.255/32",
                    "::/128",
                    "fe80::/10",
                    "fd00:ec2::254/128", // metadata of AWS
                    "fd20:ce::254/128", // metadata of Google Cloud
                    "ff00::/8");

    /// What is not of the public Internet (IANA's registries of special addresses).
    private static final List<Network> INNER =
            networks(
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "240.0.0.0/4",
                    "::/96",
                    "100::/64",
                    "2001:db8::/32",
                    "fc00::/7",
                    "fec0::/10");

    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /// Every address but those that are always refused. It stands behind what reads it.
    public static final HostRules ALL = parse("0.0.0.0/0, ::/0");

    private final boolean isPublic;
    private final List<String> names;
    private final List<Network> networks;

    private HostRules(boolean isPublic, List<String> names, List<Network> networks) {
        this.isPublic = isPublic;
        this.names = List.copyOf(names);
        this.networks = List.copyOf(networks);
    }

    /// Reads a list with commas between: `public`, a host's name, `*.` and the end of names, an
    /// address, a network such as `10.0.0.0/8`.
    ///
    /// @throws MillraceException INVALID_CONFIGURATION
    public static HostRules parse(String text) {
        var isPublic = false;
        var names = new ArrayList<String>();
        var networks = new ArrayList<Network>();
        for (var part : text.split(",", -1)) {
            var rule = part.strip().toLowerCase(Locale.ROOT);
            if (rule.equals(PUBLIC)) {
                isPublic = true;
            } else if (ADDRESS.matcher(rule.split("/", 2)[0]).matches()) {
                networks.add(Network.parse(rule));
            } else if (NAME.matcher(rule).matches()) {
                names.add(rule);
            } else {
                throw wrong(rule);
            }
        }
        return new HostRules(isPublic, names, networks);
    }

    private static MillraceException wrong(String rule) {
        return new MillraceException(
                ErrorCode.INVALID_CONFIGURATION,
                "connections.hosts has '%s', which is no host".formatted(rule),
                "Write names, addresses and networks with commas between, such as"
                        + " 'public, *.example.org, 10.0.0.0/8'.",
                null);
    }

    /// Of a host's addresses those that may be reached.
    ///
    /// @param host as the connection names it
    /// @throws MillraceException HOST_FORBIDDEN when there are none
    public List<InetAddress> allowed(String host, List<InetAddress> addresses) {
        var named = isNamed(host);
        var allowed =
                addresses.stream()
                        .filter(a -> forms(a).stream().allMatch(f -> isAllowed(f, named)))
                        .toList();
        if (allowed.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.HOST_FORBIDDEN,
                    "Connections may not reach '%s' (%s)"
                            .formatted(
                                    host,
                                    String.join(
                                            ", ",
                                            addresses.stream()
                                                    .map(InetAddress::getHostAddress)
                                                    .toList())),
                    "The administrator's setting connections.hosts says which hosts they may reach;"
                            + " addresses of one link and of clouds' metadata never.",
                    null);
        }
        return allowed;
    }

    private boolean isNamed(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return names.stream()
                .anyMatch(rule ->
                        rule.startsWith("*.")
                                ? name.endsWith(rule.substring(1))
                                : name.equals(rule));
    }

    private boolean isAllowed(byte[] address, boolean named) {
        if (contain(NEVER, address)) {
            return false;
        }
        return named || contain(networks, address) || (isPublic && !contain(INNER, address));
    }

    /// The address, and the IPv4 address that a translator of the network would make of it (RFC
    /// 6052, RFC 3056).
    private static List<byte[]> forms(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 16 && !address.isLoopbackAddress()) {
            if (Network.parse("64:ff9b::/96").contains(bytes)
                    || Network.parse("::/96").contains(bytes)) {
                return List.of(bytes, Arrays.copyOfRange(bytes, 12, 16));
            }
            if (Network.parse("2002::/16").contains(bytes)) {
                return List.of(bytes, Arrays.copyOfRange(bytes, 2, 6));
            }
        }
        return List.of(bytes);
    }

    private static boolean contain(List<Network> networks, byte[] address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::parse).toList();
    }

    /// A network: the addresses that begin with the same bits.
    private record Network(InetAddress first, int bits) {
        static Network parse(String text) {
            var parts = text.split("/", 2);
            if (!parts[0].contains(":") && !WHOLE_IPV4.matcher(parts[0]).matches()) {
                throw wrong(text); // the JDK would read 10.1 as 10.0.0.1
            }
            try {
                var first = InetAddress.getByName(parts[0]); // digits: nobody is asked
                var most = first.getAddress().length * 8;
                var bits = parts.length == 1 ? most : Integer.parseInt(parts[1]);
                if (bits < 0 || bits > most) {
                    throw wrong(text);
                }
                return new Network(first, bits);
            } catch (UnknownHostException | NumberFormatException e) {
                throw wrong(text);
            }
        }

        boolean contains(byte[] address) {
            var own = first.getAddress();
            if (own.length != address.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit++) {
                if (((own[bit / 8] ^ address[bit / 8]) & (0x80 >> bit % 8)) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Whether groups can be joined, and their packets get through the kernel's stack. */
final class MulticastChecks {
    private static final String IPV4 = "/proc/sys/net/ipv4";
    private static final String IPV6_CONF = "/proc/sys/net/ipv6/conf";
    private static final String MEMBERSHIPS = IPV4 + "/igmp_max_memberships";

    /** Values of rp_filter (Documentation/networking/ip-sysctl.rst). */
    private static final int STRICT = 1;

    private static final int LOOSE = 2;

    private final Host host;
    private final Nic nic;

    MulticastChecks(Host host, Nic nic) {
        this.host = host;
        this.nic = nic;
    }

    void addTo(Findings findings) {
        findings.add(Check.IPV4_ADDRESS, this::ipv4Address);
        findings.add(Check.IPV6_ADDRESS, this::ipv6Address);
        findings.add(Check.RP_FILTER, this::rpFilter);
        findings.add(Check.IGMP_VERSION, this::igmpVersion);
        findings.add(Check.MEMBERSHIPS, () -> memberships(host));
    }

    private Finding ipv4Address() {
        List<String> addresses = nic.addresses().stream()
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .toList();
        if (!addresses.isEmpty()) {
            return Finding.ok(Check.IPV4_ADDRESS, String.join(", ", addresses), "");
        }
        return Finding.warning(
                Check.IPV4_ADDRESS,
                "none",
                "Groups are joined from 0.0.0.0, which some routers and switches pass over, and with a reverse-path"
                        + " filter every packet is dropped. Give it the address that it is to have, or a local one:",
                "ip addr add " + linkLocal() + "/32 dev " + nic.name());
    }

    /** RFC 3927: from 169.254.1.0 to 169.254.254.255, another one on each machine. */
    private String linkLocal() {
        int hash = (nic.name() + nic.device().index() + hardwareAddress()).hashCode();
        return "169.254." + (1 + Math.floorMod(hash >> 8, 254)) + "." + Math.floorMod(hash, 256);
    }

    private String hardwareAddress() {
        try {
            return nic.folder().isPresent() ? host.files().read(nic.folder().get() + "/address") : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Finding ipv6Address() {
        boolean linkLocal = nic.addresses().stream()
                .anyMatch(address -> address instanceof Inet6Address && address.isLinkLocalAddress());
        return linkLocal
                ? Finding.ok(Check.IPV6_ADDRESS, "a link-local one, for MLD", "")
                : Finding.ok(Check.IPV6_ADDRESS, "no link-local one", "Only IPv4 groups can be joined.");
    }

    /** The larger of the two values counts. */
    private Finding rpFilter() throws IOException {
        long all = host.files().number(conf("all", "rp_filter"));
        long own = host.files().number(conf(nic.name(), "rp_filter"));
        long counts = Math.max(all, own);
        if (counts == 0) {
            return Finding.ok(Check.RP_FILTER, "off", "");
        }
        boolean hasDefaultRoute = hasDefaultRoute();
        if (counts == LOOSE && hasDefaultRoute) {
            return Finding.ok(Check.RP_FILTER, "loose (2)", "There is a route to any source.");
        }
        List<String> settings = new ArrayList<>();
        String others = "";
        if (all == STRICT && hasDefaultRoute) {
            settings.add(sysctl(nic.name(), "rp_filter") + "=" + LOOSE); // of this interface alone, and larger
        } else {
            if (all > 0) {
                settings.addAll(kept(all)); // first, so that none is without for a moment
                settings.add(sysctl("all", "rp_filter") + "=0");
                others = " The setting of `all` holds for every interface: the others first get it for their own.";
            }
            if (own > 0) {
                settings.add(sysctl(nic.name(), "rp_filter") + "=0");
            }
        }
        return Finding.warning(
                Check.RP_FILTER,
                counts == STRICT ? "strict (1)" : "loose (2), and no default route",
                "The stack drops packets of sources to which the route is "
                        + (counts == STRICT ? "another one" : "missing")
                        + ": a flow's on their way to sockets, and the querier's, without which the network ends a flow"
                        + " after some minutes, for AF_XDP as well." + others,
                "sysctl -w " + String.join(" ", settings));
    }

    /** Settings by which other interfaces, and those to come, keep what they have by that of {@code all}. */
    private List<String> kept(long all) throws IOException {
        List<String> settings = new ArrayList<>();
        for (String which : host.files().list(IPV4 + "/conf")) {
            if (!which.equals("all") && !which.equals(nic.name())
                    && host.files().number(conf(which, "rp_filter"), all) < all) {
                settings.add(sysctl(which, "rp_filter") + "=" + all);
            }
        }
        return settings;
    }

    /** A line of the file has destination, among others, in hexadecimal; its seventh field is the mask. */
    private boolean hasDefaultRoute() throws IOException {
        return host.files().lines("/proc/net/route").stream()
                .map(line -> line.split("\\s+"))
                .anyMatch(fields -> fields.length > 7 && fields[1].equals("00000000") && fields[7].equals("00000000"));
    }

    private Finding igmpVersion() throws IOException {
        List<String> settings = new ArrayList<>();
        TreeSet<String> versions = new TreeSet<>();
        for (String which : List.of("all", nic.name())) {
            long igmp = host.files().number(conf(which, "force_igmp_version"));
            if (igmp == 1 || igmp == 2) {
                settings.add(sysctl(which, "force_igmp_version") + "=0");
                versions.add("IGMPv" + igmp);
            }
            if (host.files().number(IPV6_CONF + "/" + which + "/force_mld_version", 0) == 1) {
                settings.add(sysctl(which, "force_mld_version").replace("ipv4", "ipv6") + "=0");
                versions.add("MLDv1");
            }
        }
        String inUse = versionInUse();
        if (!settings.isEmpty()) {
            return Finding.warning(
                    Check.IGMP_VERSION,
                    "forced to " + String.join(" and ", versions),
                    "A source-specific flow (GROUP:PORT@SOURCE) is joined from any source.",
                    "sysctl -w " + String.join(" ", settings));
        }
        if (inUse.equals("V1") || inUse.equals("V2")) {
            return Finding.warning(
                    Check.IGMP_VERSION,
                    "IGMP" + inUse.toLowerCase(Locale.ROOT) + ", as a querier of the network asks for",
                    "A source-specific flow (GROUP:PORT@SOURCE) is joined from any source, until the network's routers"
                            + " and switches are set to IGMPv3.");
        }
        String use = inUse.isEmpty() ? "" : ", IGMP" + inUse.toLowerCase(Locale.ROOT) + " in use";
        return Finding.ok(Check.IGMP_VERSION, "not forced" + use, "");
    }

    /** A line that begins with a number is of an interface: {@code 2  eth0      :     1      V3}. */
    private String versionInUse() throws IOException {
        return host.files().lines("/proc/net/igmp").stream()
                .map(line -> line.strip().split("[\\s:]+"))
                .filter(fields -> fields.length == 4 && fields[1].equals(nic.name()))
                .map(fields -> fields[3])
                .findFirst()
                .orElse("");
    }

    /** Of a socket; and each flow has one of its own. */
    static Finding memberships(Host host) throws IOException {
        long most = host.files().number(MEMBERSHIPS);
        if (most > 0) {
            return Finding.ok(Check.MEMBERSHIPS, most + " a socket", "Every flow has a socket of its own.");
        }
        return Finding.problem(
                Check.MEMBERSHIPS,
                "0 a socket",
                "No group can be joined.",
                "sysctl -w net.ipv4.igmp_max_memberships=20");
    }

    private static String conf(String which, String setting) {
        return IPV4 + "/conf/" + which + "/" + setting;
    }

    /** With slashes where the interface's name has a dot. */
    private static String sysctl(String which, String setting) {
        String name = "net.ipv4.conf." + which + "." + setting;
        return which.contains(".") ? "net/ipv4/conf/" + which + "/" + setting : name;
    }
}

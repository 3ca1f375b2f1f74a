// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MulticastChecksTest {
    private static final String IPV4 = "/proc/sys/net/ipv4";
    private static final String CONF = IPV4 + "/conf/";

    /** Linux: net/ipv4/fib_trie.c. */
    private static final String ROUTES =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
                    + "eth1\t0000630A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";

    private static final String DEFAULT_ROUTE = "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n";

    @TempDir
    private Path root;

    private HandMadeHost host;

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root).with("/proc/net/route", ROUTES).with(IPV4 + "/igmp_max_memberships", "20\n");
        host.addresses = List.of(InetAddress.getByName("192.0.2.7"), InetAddress.getByName("fe80::7"));
        rpFilter(0, 0);
        forced(0, 0);
        querier("V3");
    }

    private void rpFilter(int all, int own) throws IOException {
        host.with(CONF + "all/rp_filter", all + "\n").with(CONF + "eth1/rp_filter", own + "\n");
    }

    private void forced(int all, int own) throws IOException {
        host.with(CONF + "all/force_igmp_version", all + "\n").with(CONF + "eth1/force_igmp_version", own + "\n");
    }

    /** Linux: net/ipv4/igmp.c. */
    private void querier(String version) throws IOException {
        host.with("/proc/net/igmp", "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
                + "1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n"
                + "7\teth1      :     1      " + version + "\n\t\t\t\t010000E0     1 0:00000000\t\t0\n");
    }

    private Finding finding(Check check) {
        return host.finding(check, new MulticastChecks(host.host(), host.nic())::addTo);
    }

    @Test
    void nothingIsWrongAtFirst() {
        for (Check check : Check.values()) {
            if (check.subject() == Subject.MULTICAST) {
                assertEquals(List.of("ok"), verdict(finding(check)), check.toString());
            }
        }
        assertEquals("192.0.2.7", finding(Check.IPV4_ADDRESS).found());
        assertEquals("not forced, IGMPv3 in use", finding(Check.IGMP_VERSION).found());
    }

    /** RFC 3927, 2.1: not the first and the last 256 of 169.254/16; and not the same everywhere. */
    @Test
    void withoutAnIpv4Address() throws IOException {
        host.addresses = List.of(InetAddress.getByName("fe80::7"));
        String third = "([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-4])";
        String pattern = "ip addr add 169\\.254\\." + third + "\\.[0-9]{1,3}/32 dev eth1";
        host.with(HandMadeHost.ETH1 + "/address", "52:54:00:12:34:56\n");
        String first = finding(Check.IPV4_ADDRESS).mend().get(0);
        assertEquals(Verdict.WARNING, finding(Check.IPV4_ADDRESS).verdict());
        assertTrue(first.matches(pattern), first);
        host.with(HandMadeHost.ETH1 + "/address", "52:54:00:12:34:57\n");
        assertNotEquals(first, finding(Check.IPV4_ADDRESS).mend().get(0));
        host.inSysfs = false;
        assertTrue(finding(Check.IPV4_ADDRESS).mend().get(0).matches(pattern));
    }

    @Test
    void withoutALinkLocalIpv6Address() throws IOException {
        host.addresses = List.of(InetAddress.getByName("192.0.2.7"), InetAddress.getByName("2001:db8::7"));
        assertEquals("no link-local one", finding(Check.IPV6_ADDRESS).found());
    }

    /** The larger of the two counts: Documentation/networking/ip-sysctl.rst. */
    @Test
    void reversePathFilter() throws IOException {
        rpFilter(0, 1);
        assertEquals(List.of("warning", "sysctl -w net.ipv4.conf.eth1.rp_filter=0"), verdict(finding(Check.RP_FILTER)));
        rpFilter(1, 0);
        assertEquals(List.of("warning", "sysctl -w net.ipv4.conf.all.rp_filter=0"), verdict(finding(Check.RP_FILTER)));
        rpFilter(1, 1);
        assertEquals(
                List.of("warning", "sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0"),
                verdict(finding(Check.RP_FILTER)));
        rpFilter(1, 2);
        assertEquals("loose (2), and no default route", finding(Check.RP_FILTER).found());
    }

    /** The other interfaces' filters are somebody's protection; ip-sysctl.rst: the larger of the two counts. */
    @Test
    void othersKeepTheirReversePathFilter() throws IOException {
        host.with(CONF + "default/rp_filter", "0\n")
                .with(CONF + "eth0/rp_filter", "0\n")
                .with(CONF + "eth0.7/rp_filter", "0\n")
                .with(CONF + "eth2/rp_filter", "2\n");
        rpFilter(1, 0);
        assertEquals(
                List.of(
                        "warning",
                        "sysctl -w net.ipv4.conf.default.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1"
                                + " net/ipv4/conf/eth0.7/rp_filter=1 net.ipv4.conf.all.rp_filter=0"),
                verdict(finding(Check.RP_FILTER)));
        assertTrue(finding(Check.RP_FILTER).meaning().contains("every interface"));
        rpFilter(0, 1);
        assertEquals(List.of("warning", "sysctl -w net.ipv4.conf.eth1.rp_filter=0"), verdict(finding(Check.RP_FILTER)));
    }

    /** Then the loose mode lets every source in, and can be had for this interface alone. */
    @Test
    void reversePathFilterWithADefaultRoute() throws IOException {
        host.with("/proc/net/route", ROUTES + DEFAULT_ROUTE);
        rpFilter(1, 2);
        assertEquals(List.of("ok"), verdict(finding(Check.RP_FILTER)));
        rpFilter(1, 1);
        assertEquals(List.of("warning", "sysctl -w net.ipv4.conf.eth1.rp_filter=2"), verdict(finding(Check.RP_FILTER)));
        rpFilter(0, 1);
        assertEquals(List.of("warning", "sysctl -w net.ipv4.conf.eth1.rp_filter=0"), verdict(finding(Check.RP_FILTER)));
    }

    @Test
    void forcedVersions() throws IOException {
        forced(0, 2);
        assertEquals(
                List.of("warning", "sysctl -w net.ipv4.conf.eth1.force_igmp_version=0"),
                verdict(finding(Check.IGMP_VERSION)));
        assertEquals("forced to IGMPv2", finding(Check.IGMP_VERSION).found());
        forced(0, 3);
        assertEquals(List.of("ok"), verdict(finding(Check.IGMP_VERSION)));
        forced(1, 0);
        host.with("/proc/sys/net/ipv6/conf/eth1/force_mld_version", "1\n");
        assertEquals("forced to IGMPv1 and MLDv1", finding(Check.IGMP_VERSION).found());
        assertEquals(
                List.of("warning", "sysctl -w net.ipv4.conf.all.force_igmp_version=0"
                        + " net.ipv6.conf.eth1.force_mld_version=0"),
                verdict(finding(Check.IGMP_VERSION)));
    }

    @Test
    void anOldQuerier() throws IOException {
        querier("V2");
        assertEquals(List.of("warning"), verdict(finding(Check.IGMP_VERSION)));
        assertTrue(finding(Check.IGMP_VERSION).found().startsWith("IGMPv2, as a querier"));
    }

    @Test
    void memberships() throws IOException {
        host.with(IPV4 + "/igmp_max_memberships", "0\n");
        assertEquals(
                List.of("problem", "sysctl -w net.ipv4.igmp_max_memberships=20"), verdict(finding(Check.MEMBERSHIPS)));
    }
}

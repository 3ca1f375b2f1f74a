// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as Linux 6.18 prints them, cut to a few columns. */
class StackDropsTest {
    @TempDir
    Path proc;

    private StackDrops drops;

    @BeforeEach
    void quiet() throws IOException {
        Files.createDirectory(proc.resolve("net"));
        write("if_inet6", "fd99::1");
        snmp(1, 2, 3, 100, 40, 50, 10);
        netstat(1, 1, 1, 1);
        snmp6(0, 0, 0, 0);
        softnet(softnetLine("00000007", "00000000"), softnetLine("00000000", "00000001"));
        drops = new StackDrops(proc);
        assertEquals(new StackDrops.Reading(0, 0, 0, 0, 0, Optional.empty()), drops.read(StackPart.UDP));
    }

    private void write(String file, String... lines) throws IOException {
        Files.writeString(proc.resolve("net").resolve(file), String.join("\n", lines) + "\n");
    }

    private void snmp(int header, int address, int discards, int errors, int buffer, int checksum, int memory)
            throws IOException {
        write(
                "snmp",
                "Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors InUnknownProtos InDiscards",
                "Ip: 2 64 40851 " + header + " " + address + " 0 " + discards,
                "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn InErrs InCsumErrors",
                "Tcp: 1 200 120000 -1 77 78",
                "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti"
                        + " MemErrors",
                "Udp: 623 9 " + errors + " 626 " + buffer + " 0 " + checksum + " 5 " + memory,
                "UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors",
                "UdpLite: 0 0 99 0 99 0 99");
    }

    private void netstat(int reversePath, int noRoutes, int truncated, int ipChecksum) throws IOException {
        write(
                "netstat",
                "TcpExt: SyncookiesSent IPReversePathFilter TCPTimeWaitOverflow",
                "TcpExt: 0 " + reversePath + " 0",
                "IpExt: InNoRoutes InTruncatedPkts InMcastPkts InCsumErrors",
                "IpExt: " + noRoutes + " " + truncated + " 4000 " + ipChecksum);
    }

    private void snmp6(int discards, int errors, int checksum, int buffer) throws IOException {
        write(
                "snmp6",
                "Ip6InReceives                   \t2",
                "Ip6InDiscards                   \t" + discards,
                "Icmp6InErrors                   \t33",
                "Udp6InErrors                    \t" + errors,
                "Udp6RcvbufErrors                \t" + buffer,
                "Udp6InCsumErrors                \t" + checksum);
    }

    private static String softnetLine(String cpu, String dropped) {
        return "089feb8f " + dropped + " 00000004" + " 00000000".repeat(9) + " " + cpu + " 00000000 00000000";
    }

    private void softnet(String... lines) throws IOException {
        write("softnet_stat", lines);
    }

    @Test
    void countsEachPacketOnce() throws IOException {
        // 6 of IP's header, of which 4 a wrong checksum, 2 discards; UDP 20: 5 buffer, 9 checksum, 3 memory. An address
        // or a route that is not this host's (1 and 100) is no loss of a group that it has joined.
        snmp(7, 3, 5, 120, 45, 59, 13);
        netstat(11, 101, 2, 5);
        snmp6(1_000, 30, 20, 8);
        assertEquals(
                new StackDrops.Reading(
                        6 + 2 + 10 + 1 + 1_000,
                        6 + 2 + 10 + 1 + 1_000 + (20 - 5 - 3) + (30 - 8),
                        9 + 20,
                        5 + 3 + 8,
                        0,
                        Optional.empty()),
                drops.read(StackPart.UDP));
    }

    @Test
    void backlogIsHexadecimalAndByCpu() throws IOException {
        softnet(softnetLine("00000000", "00000012"), softnetLine("00000007", "00000010"));
        assertEquals(0x11 + 0x10, drops.read(StackPart.UDP).backlog());
        assertEquals(0, drops.read(StackPart.UDP).beforeSocket());
    }

    @Test
    void aCpuThatIsTurnedOffTakesNoDropsAlong() throws IOException {
        softnet(softnetLine("00000000", "00000101"));
        assertEquals(0x100, drops.read(StackPart.UDP).backlog());
        softnet(softnetLine("00000000", "00000101"), softnetLine("00000007", "00000001"));
        assertEquals(0x101, drops.read(StackPart.UDP).backlog());
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        snmp(2, 2, 3, 100, 40, 50, 10);
        assertEquals(1, drops.read(StackPart.UDP).beforeSocket());
        Files.delete(proc.resolve("net/snmp"));
        StackDrops.Reading reading = drops.read(StackPart.UDP);
        assertEquals(1, reading.beforeSocket(), "as it was last");
        assertTrue(reading.unreadable().orElseThrow().contains(proc + "/net/snmp cannot be read"));
    }

    @Test
    void namesAllFilesThatAreMissing() {
        Path nowhere = proc.resolve("nowhere");
        StackDrops.Reading reading = new StackDrops(nowhere).read(StackPart.UDP);
        assertEquals(0, reading.beforeSocket());
        String sentence = reading.unreadable().orElseThrow();
        assertTrue(sentence.contains("net/snmp, "), sentence);
        assertTrue(sentence.contains("net/netstat, "), sentence);
        assertTrue(sentence.contains("net/softnet_stat"), sentence);
    }

    @Test
    void aKernelWithoutIpv6MissesNothing() throws IOException {
        Files.delete(proc.resolve("net/snmp6"));
        assertTrue(drops.read(StackPart.UDP).unreadable().isPresent());
        Files.delete(proc.resolve("net/if_inet6"));
        assertEquals(Optional.empty(), drops.read(StackPart.UDP).unreadable());
    }

    @Test
    void aFileThatIsNoTableIsUnreadable() throws IOException {
        write("softnet_stat", "what is this");
        assertTrue(drops.read(StackPart.UDP).unreadable().orElseThrow().contains("softnet_stat"));
    }

    @Test
    void anOlderKernelHasFewerColumns() throws IOException {
        write("softnet_stat", "00000001 00000003 00000000", "00000001 00000000 00000000");
        StackDrops older = new StackDrops(proc);
        older.read(StackPart.UDP);
        write("softnet_stat", "00000001 00000004 00000000", "00000001 00000001 00000000");
        assertEquals(2, older.read(StackPart.UDP).backlog());
    }
}

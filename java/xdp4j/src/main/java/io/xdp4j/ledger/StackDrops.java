// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Packets that the kernel's stack dropped between the interface and a UDP socket, since the first look: {@code
 * /proc/net/snmp}, {@code snmp6} and {@code netstat} of the network namespace, whoever they were for; and {@code
 * softnet_stat}, which is of the whole machine. Documentation: Documentation/networking/snmp_counter.rst of Linux.
 *
 * <p>What contains what (net/ipv4/udp.c, net/ipv4/ip_input.c, Linux 6.18): {@code InErrors} of UDP has {@code
 * RcvbufErrors}, {@code MemErrors} and {@code InCsumErrors} in it, and packets whose length is wrong; {@code
 * InHdrErrors} of IP has {@code InCsumErrors} of IP in it. A UDP checksum is checked before the socket is looked for
 * when the UDP packet is 76 bytes or shorter (CHECKSUM_BREAK), and otherwise when the packet is received: then the
 * socket's own drop counter has it as well. Receive-buffer errors are always in the socket's drop counter.
 *
 * <p>{@code NoPorts} and {@code IgnoredMulti} are no losses of a flow that has a socket, nor are {@code InAddrErrors}
 * and {@code InNoRoutes} those of a group that has a member.
 */
final class StackDrops {
    private static final List<String> BEFORE_UDP = List.of(
            "Ip.InHdrErrors",
            "Ip.InDiscards",
            "IpExt.InTruncatedPkts",
            "TcpExt.IPReversePathFilter", // all of IPv4's, under this name
            "Ip6InHdrErrors",
            "Ip6InDiscards",
            "Ip6InTruncatedPkts");

    private static final List<String> UDP_ERRORS = List.of("Udp.InErrors", "Udp6InErrors");
    private static final List<String> CHECKSUM_ERRORS = List.of("Udp.InCsumErrors", "Udp6InCsumErrors");

    /** Linux before 5.11 has no MemErrors. */
    private static final List<String> BUFFER_ERRORS =
            List.of("Udp.RcvbufErrors", "Udp.MemErrors", "Udp6RcvbufErrors", "Udp6MemErrors");

    private static final Set<String> COUNTERS = Stream.of(BEFORE_UDP, UDP_ERRORS, CHECKSUM_ERRORS, BUFFER_ERRORS)
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static final String BACKLOG_OF_CPU = "backlog of CPU ";

    private final Path proc;
    private final Map<String, Difference> counters = new HashMap<>();

    /**
     * What was dropped since the first look.
     *
     * @param byIp by IP
     * @param beforeSocket by IP, and by UDP for another reason than a full buffer; each packet once. Those with a wrong
     *     UDP checksum are among them, also if they were found so when the socket was read
     * @param checksumErrors of these: the UDP checksum was wrong
     * @param receiveBufferErrors not among these: no room in a UDP socket's receive buffer, or in UDP's memory
     * @param backlog not among these: no room in a CPU's backlog, which only packets of interfaces without NAPI and of
     *     receive packet steering go through; of the whole machine, all namespaces together
     * @param unreadable what cannot be told, because which file cannot be read: a sentence; what it has counts as 0
     */
    record Reading(
            long byIp,
            long beforeSocket,
            long checksumErrors,
            long receiveBufferErrors,
            long backlog,
            Optional<String> unreadable) {}

    /** @param proc usually {@code /proc} */
    StackDrops(Path proc) {
        this.proc = proc;
    }

    /**
     * Takes a look.
     *
     * @param part up to which it is of interest; what is behind it keeps its last figures
     */
    Reading read(StackPart part) {
        List<String> missing = new ArrayList<>();
        for (String file : files(part)) {
            Path path = proc.resolve("net").resolve(file);
            try {
                parse(file, Files.readAllLines(path)).forEach(this::update);
            } catch (IOException | NumberFormatException e) {
                if (!isIpv6Off(file)) {
                    missing.add(path.toString());
                }
            }
        }
        long bufferErrors = sum(BUFFER_ERRORS);
        return new Reading(
                sum(BEFORE_UDP),
                sum(BEFORE_UDP) + Math.max(sum(UDP_ERRORS) - bufferErrors, 0),
                sum(CHECKSUM_ERRORS),
                bufferErrors,
                sum(counters.keySet().stream().filter(name -> name.startsWith(BACKLOG_OF_CPU)).toList()),
                missing.isEmpty() ? Optional.empty() : Optional.of(explain(missing)));
    }

    private static List<String> files(StackPart part) {
        return switch (part) {
            case NONE -> List.of();
            case BACKLOG -> List.of("softnet_stat");
            case IP, UDP -> List.of("snmp", "netstat", "snmp6", "softnet_stat");
        };
    }

    private void update(String name, long value) {
        counters.computeIfAbsent(name, unseen -> new Difference()).update(value);
    }

    private static String explain(List<String> missing) {
        return "Drops of the kernel's stack cannot be told in full: " + String.join(", ", missing)
                + " cannot be read; is /proc mounted?";
    }

    /** A kernel without IPv6 has none of its files. */
    private boolean isIpv6Off(String file) {
        return file.equals("snmp6") && !Files.exists(proc.resolve("net/if_inet6"));
    }

    private static Map<String, Long> parse(String file, List<String> lines) {
        return switch (file) {
            case "snmp6" -> parseList(lines);
            case "softnet_stat" -> parseSoftnet(lines);
            default -> parseTables(lines);
        };
    }

    /** A line of names, and one of values, which begin with the same word. */
    private static Map<String, Long> parseTables(List<String> lines) {
        Map<String, Long> counters = new HashMap<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            String[] names = words(lines.get(i));
            String[] values = words(lines.get(i + 1));
            String table = names[0].replace(":", ".");
            for (int column = 1; column < Math.min(names.length, values.length); column++) {
                String name = table + names[column];
                if (COUNTERS.contains(name)) {
                    counters.put(name, number(values[column]));
                }
            }
        }
        return counters;
    }

    /** A name and a value on each line. */
    private static Map<String, Long> parseList(List<String> lines) {
        Map<String, Long> counters = new HashMap<>();
        for (String line : lines) {
            String[] words = words(line);
            if (words.length == 2 && COUNTERS.contains(words[0])) {
                counters.put(words[0], number(words[1]));
            }
        }
        return counters;
    }

    /**
     * A line for each CPU that is on, of hexadecimal numbers: the second is what found no room, the 13th the CPU (since
     * Linux 5.10).
     */
    private static Map<String, Long> parseSoftnet(List<String> lines) {
        Map<String, Long> counters = new HashMap<>();
        for (int line = 0; line < lines.size(); line++) {
            String[] words = words(lines.get(line));
            if (words.length > 1) {
                long cpu = words.length > 12 ? Long.parseLong(words[12], 16) : line;
                counters.put(BACKLOG_OF_CPU + cpu, Long.parseLong(words[1], 16));
            }
        }
        return counters;
    }

    private static String[] words(String line) {
        return line.strip().split("\\s+");
    }

    /** The kernel prints 64 bits without a sign, and some values (MaxConn) with one. */
    private static long number(String text) {
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }

    private long sum(List<String> names) {
        return names.stream()
                .filter(counters::containsKey)
                .mapToLong(name -> counters.get(name).risen())
                .sum();
    }
}

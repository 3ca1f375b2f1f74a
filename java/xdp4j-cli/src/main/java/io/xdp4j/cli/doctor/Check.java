// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

/** Everything that is looked at. All that is printed or written of it is a {@link Finding}. */
enum Check {
    LINUX(Subject.KERNEL, "Linux"),
    AF_XDP(Subject.KERNEL, "AF_XDP"),
    BPF_JIT(Subject.KERNEL, "BPF JIT"),
    BTF(Subject.KERNEL, "BTF"),

    CAPABILITIES(Subject.PROCESS, "capabilities"),
    CAP_PERFMON(Subject.PROCESS, "CAP_PERFMON"),
    CAP_SYS_NICE(Subject.PROCESS, "CAP_SYS_NICE"),
    LOCKED_MEMORY(Subject.PROCESS, "locked memory"),
    HUGE_PAGES(Subject.PROCESS, "huge pages"),
    BPFFS(Subject.PROCESS, "bpffs"),
    TRACEFS(Subject.PROCESS, "tracefs"),

    LINK(Subject.INTERFACE, "link"),
    NATIVE_XDP(Subject.INTERFACE, "native XDP"),
    ZERO_COPY(Subject.INTERFACE, "zero-copy"),
    XDP_PROGRAM(Subject.INTERFACE, "XDP program"),
    RX_QUEUES(Subject.INTERFACE, "RX queues"),
    RX_RING(Subject.INTERFACE, "RX ring of the card"),
    NTUPLE(Subject.INTERFACE, "ntuple filters"),
    TIMESTAMPS(Subject.INTERFACE, "hardware timestamps"),

    MTU(Subject.OFFLOADS, "MTU"),
    GRO(Subject.OFFLOADS, "GRO"),
    HARDWARE_GRO(Subject.OFFLOADS, "hardware GRO"),
    LRO(Subject.OFFLOADS, "LRO"),
    VLAN_TAGS(Subject.OFFLOADS, "VLAN tags"),
    HEADER_SPLIT(Subject.OFFLOADS, "header split"),

    IPV4_ADDRESS(Subject.MULTICAST, "IPv4 address"),
    IPV6_ADDRESS(Subject.MULTICAST, "IPv6 address"),
    RP_FILTER(Subject.MULTICAST, "reverse-path filter"),
    IGMP_VERSION(Subject.MULTICAST, "IGMP version"),
    MEMBERSHIPS(Subject.MULTICAST, "memberships"),

    RECEIVE_BUFFER(Subject.SOCKETS, "receive buffer"),
    FIREWALL(Subject.SOCKETS, "firewall"),

    GOVERNOR(Subject.CPUS, "CPU frequency"),
    ISOLATED_CPUS(Subject.CPUS, "CPUs kept free"),
    IRQBALANCE(Subject.CPUS, "irqbalance"),
    INTERRUPTS(Subject.CPUS, "interrupts"),
    NUMA_NODE(Subject.CPUS, "NUMA node"),

    SPINNING(Subject.ABSENCE, "a thread that spins"),
    SLEEPING(Subject.ABSENCE, "a thread that sleeps 1 ms"),
    RING_DEPTH(Subject.ABSENCE, "ring depth");

    private final Subject subject;
    private final String label;

    Check(Subject subject, String label) {
        this.subject = subject;
        this.label = label;
    }

    Subject subject() {
        return subject;
    }

    /** For people. */
    String label() {
        return label;
    }
}

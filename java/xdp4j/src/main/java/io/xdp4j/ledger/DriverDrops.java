// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.xdp.NetDeviceCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Packets that an interface or its driver dropped before XDP or the stack saw them, in one number, since the first look
 * at its counters.
 *
 * <p>Drivers count one packet in several places. So counters are sorted into kinds, of which each counts a packet once
 * at most, whatever its number of queues; each kind is added up, and the largest kind is the number. Two kinds that
 * count different packets thus give too few, never too many.
 *
 * <p>{@code rx_dropped} of the link is no kind in general: the stack adds packets of protocols that nobody wants, and
 * drivers add what an XDP program or an address filter refused.
 */
final class DriverDrops {
    private static final String RX_DROPPED = "rx_dropped";

    /** Of the link: {@code struct rtnl_link_stats64} says that these three are drops for want of room. */
    private static final String RX_MISSED = "rx_missed_errors";

    private static final String RX_OVER = "rx_over_errors";
    private static final String RX_FIFO = "rx_fifo_errors";

    /**
     * Of {@code ethtool -S}: a pattern for each kind. Sources are the drivers in drivers/net/ of Linux, and
     * Documentation/networking/device_drivers/ethernet.
     */
    private static final List<Pattern> ETHTOOL = patterns(
            "rx_missed_errors", // e1000e, igb, igc, ixgbe: MPC, no room in the card; i40e: rx_discards
            "rx_fifo_errors", // igb, igc: the sum of RQDPC; mlx4: RdropOvflw
            "rx_queue_\\d+_drops", // igb, igc: RQDPC, no descriptor in the queue's ring
            "rx_no_dma_resources", // ixgbe: QPRDC, no descriptor in the queue's ring
            "port\\.rx_(dropped|discards)", // i40e: GLPRT_RDPC, the card's packet buffer was full
            "rx_dropped\\.nic", // ice: GLPRT_RDPC likewise
            "rx_out_of_buffer", // mlx5: no receive buffer was posted
            "dev_out_of_buffer", // mlx5: the internal receive queue was full
            "rx_discards_phy", // mlx5: no buffer on the physical port
            "rx_prio\\d+_discards", // mlx5: the same by priority
            "\\[\\d+]: rx_discards", // bnxt, bnx2x: no buffer, by ring
            "rx_discards", // tg3, bnx2x: no buffer
            "rx_nodesc_drops?(_cnt)?", // sfc: no descriptor
            "rx_bg\\d_frames_dropped", // cxgb4: no room in a buffer group
            "rx_queue_drop_cnt\\[\\d+]", // gve: dropped by the device
            "rx_overruns", // ena: no room
            "pkts rx OOB"); // vmxnet3: out of receive buffers

    /**
     * Counted by e1000e, igb and igc when a packet found no descriptor: it may still have waited in the card's FIFO and
     * come through (RNBC in Intel's manuals). So it says why, and not how many.
     */
    private static final Pattern NO_BUFFER = Pattern.compile("rx_no_buffer_count");

    /**
     * Drivers of which a link's or queue's counter minus another is the measure.
     *
     * <p>veth: the link's {@code rx_dropped} is {@code peer_tq_xdp_xmit_err}, the XDP frames from the other end that
     * found the ring of 256 full, plus {@code rx_queue_N_drops}, which is not the ring: redirects that the kernel
     * refused, AF_XDP's empty fill ring among them, and want of memory (veth_get_stats64, veth_xdp_rcv_one). What comes
     * from the other end's stack and finds the ring full is counted at that end alone, as its {@code tx_dropped}: seen
     * from here it was never sent. What rx_dropped has that is no loss of the ring either, and cannot be told from it:
     * packets of protocols that nobody wants (__netif_receive_skb_core), XDP frames longer than the MTU, and, without
     * NAPI, a full backlog, which {@link StackDrops} has as well.
     *
     * <p>virtio_net: {@code rxN_drops} ({@code rx_queue_N_drops} before Linux 6.9) has {@code rxN_xdp_drops} in it:
     * what the XDP program dropped, and redirects that the kernel refused (receive_small_xdp). What the host dropped is
     * not to be seen in the guest.
     */
    private static final Pattern VETH_REFUSED = Pattern.compile("rx_queue_\\d+_drops");

    private static final Pattern VIRTIO_DROPS = Pattern.compile("rx(_queue_)?\\d+_drops");
    private static final Pattern VIRTIO_XDP_DROPS = Pattern.compile("rx(_queue_)?\\d+_xdp_drops");

    private final Map<String, Difference> link = new LinkedHashMap<>();
    private final Map<String, Difference> ethtool = new LinkedHashMap<>();
    private final Map<Pattern, List<Difference>> ofKind = new HashMap<>(); // of these, sorted once: some have thousands
    private String driver = "";
    private long packets;

    private static List<Pattern> patterns(String... names) {
        return List.of(names).stream().map(Pattern::compile).toList();
    }

    /** Takes a look; returns {@link #packets()}. */
    long update(NetDeviceCounters now) {
        driver = now.driver();
        lookAtLink(RX_DROPPED, now.rxDropped());
        lookAtLink(RX_MISSED, now.rxMissed());
        lookAtLink(RX_OVER, now.rxOver());
        lookAtLink(RX_FIFO, now.rxFifo());
        now.ethtool().forEach((name, value) -> ethtool.computeIfAbsent(name, this::sorted).update(value));
        // The link was read before the driver: a difference of the two may be short of the truth for a moment.
        packets = Math.max(packets, measure());
        return packets;
    }

    private void lookAtLink(String name, long value) {
        link.computeIfAbsent(name, unseen -> new Difference()).update(value);
    }

    /** A counter that has not been seen before, among those of each kind that it is of. */
    private Difference sorted(String name) {
        Difference counter = new Difference();
        Stream.concat(ETHTOOL.stream(), Stream.of(VETH_REFUSED, VIRTIO_DROPS, VIRTIO_XDP_DROPS))
                .filter(kind -> kind.matcher(name).matches())
                .forEach(kind -> ofKind.computeIfAbsent(kind, unseen -> new ArrayList<>()).add(counter));
        return counter;
    }

    /** Whether the driver has a counter from which its drops can be told. */
    boolean tells() {
        return driver.equals("veth")
                || driver.equals("ena")
                || ETHTOOL.stream().anyMatch(ofKind::containsKey)
                || ofKind.containsKey(VIRTIO_DROPS)
                || packets > 0;
    }

    /** Packets dropped since the first look. */
    long packets() {
        return packets;
    }

    /** Which counters have risen since the first look, and by how much: for example {@code rx_missed_errors} 123. */
    Map<String, Long> moved() {
        Map<String, Long> moved = new LinkedHashMap<>();
        switch (driver) {
            case "veth" -> moved.put("rx_dropped less rx_queue_N_drops", vethDrops());
            case "virtio_net" -> moved.put("rxN_drops less rxN_xdp_drops", virtioDrops());
            default -> {
                link.forEach((name, counter) -> {
                    if (isLinkKind(name)) {
                        moved.put(name, counter.risen());
                    }
                });
                ethtool.forEach((name, counter) -> {
                    if (NO_BUFFER.matcher(name).matches() || isEthtoolKind(name)) {
                        moved.put(name, counter.risen());
                    }
                });
            }
        }
        moved.values().removeIf(risen -> risen <= 0);
        return moved;
    }

    private static boolean isEthtoolKind(String name) {
        return ETHTOOL.stream().anyMatch(kind -> kind.matcher(name).matches());
    }

    /** ena has no other counter of what its device dropped for want of descriptors (ena_get_stats64). */
    private boolean isLinkKind(String name) {
        return !name.equals(RX_DROPPED) || driver.equals("ena");
    }

    private long measure() {
        return switch (driver) {
            case "veth" -> vethDrops();
            case "virtio_net" -> virtioDrops();
            default -> LongStream.concat(
                            link.keySet().stream()
                                    .filter(this::isLinkKind)
                                    .mapToLong(name -> link.get(name).risen()),
                            ETHTOOL.stream().mapToLong(this::sum))
                    .max()
                    .orElse(0);
        };
    }

    private long vethDrops() {
        return link.get(RX_DROPPED).risen() - sum(VETH_REFUSED);
    }

    private long virtioDrops() {
        return sum(VIRTIO_DROPS) - sum(VIRTIO_XDP_DROPS);
    }

    private long sum(Pattern kind) {
        return ofKind.getOrDefault(kind, List.of()).stream().mapToLong(Difference::risen).sum();
    }
}

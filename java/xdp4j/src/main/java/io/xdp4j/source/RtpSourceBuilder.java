// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.util.ArrayList;
import java.util.List;

/** What an {@link RtpSource} is to send; made by {@link RtpSource#on(String)}. */
public final class RtpSourceBuilder {
    /** Flows that a source may have. */
    public static final int MAX_FLOWS = 512;

    /** Bytes of a frame unless another size is asked for: 160 bytes of payload over IPv4. */
    public static final int DEFAULT_SIZE_BYTES = 214;

    final String interfaceName;
    final List<Flow> flows = new ArrayList<>();
    int sizeBytes = DEFAULT_SIZE_BYTES;
    long positions;
    int firstSequence;
    List<PositionRange> lose = List.of();
    List<PositionRange> duplicate = List.of();
    List<PositionRange> swap = List.of();

    RtpSourceBuilder(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    /**
     * Adds a flow; packets take turns among the flows, in the order they were added.
     *
     * @param flow without a source, its packets come from the interface's first address of the group's family
     * @return this
     */
    public RtpSourceBuilder flow(Flow flow) {
        if (flows.size() == MAX_FLOWS) {
            throw new IllegalArgumentException("flow " + flow + " is one too many: a source sends up to " + MAX_FLOWS);
        }
        if (flows.contains(flow)) {
            throw new IllegalArgumentException("flow " + flow + " is given twice");
        }
        flows.add(flow);
        return this;
    }

    /**
     * @param bytes of the Ethernet frame, without the checksum behind it; at least 54 (IPv4) or 74 (IPv6), and at most
     *     the interface's MTU and 14
     * @return this
     */
    public RtpSourceBuilder sizeBytes(int bytes) {
        sizeBytes = bytes;
        return this;
    }

    /**
     * @param perFlow how many sequence numbers each flow goes through; then the source is done
     * @return this
     */
    public RtpSourceBuilder positions(long perFlow) {
        if (perFlow < 1) {
            throw new IllegalArgumentException(perFlow + " packets a flow: use 1 or more");
        }
        positions = perFlow;
        return this;
    }

    /**
     * @param sequence of position 0 of each flow, 0 to 65,535; unless asked for, 0
     * @return this
     */
    public RtpSourceBuilder firstSequence(int sequence) {
        if (sequence < 0 || sequence > 0xffff) {
            throw new IllegalArgumentException("sequence number " + sequence + " is not between 0 and 65535");
        }
        firstSequence = sequence;
        return this;
    }

    /**
     * @param ranges positions that are left out; goes before {@link #duplicate(List)} and {@link #swap(List)}
     * @return this
     */
    public RtpSourceBuilder lose(List<PositionRange> ranges) {
        lose = checked(ranges);
        return this;
    }

    /**
     * @param ranges positions that are sent twice in a row; goes before {@link #swap(List)}
     * @return this
     */
    public RtpSourceBuilder duplicate(List<PositionRange> ranges) {
        duplicate = checked(ranges);
        return this;
    }

    /**
     * @param ranges positions that are sent behind their successor, if that is neither left out nor sent twice. The
     *     pair is then done: a swap of its second half has no effect.
     * @return this
     */
    public RtpSourceBuilder swap(List<PositionRange> ranges) {
        swap = checked(ranges);
        return this;
    }

    private static List<PositionRange> checked(List<PositionRange> ranges) {
        if (ranges.size() > PositionRange.MAX_RANGES) {
            throw new IllegalArgumentException(
                    ranges.size() + " ranges of positions: a pattern has up to " + PositionRange.MAX_RANGES);
        }
        return List.copyOf(ranges);
    }

    /**
     * Opens with live frames, or with sendmmsg where those are not supported.
     *
     * @return the source, to be closed by the caller
     * @throws KernelException ENODEV, ENETDOWN, EPERM, EADDRNOTAVAIL (the interface has no address of a group's
     *     family), EINVAL and EMSGSIZE (a size too small or too large)
     * @throws UnsupportedOperationException when the native library is not there
     */
    public RtpSource open() throws KernelException {
        return RtpSource.open(this);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the packets of one flow were at one moment, since the ledger was opened; immutable. It counts packets, not
 * sequence numbers: one that came twice counts twice. Always
 *
 * <pre>  wire = delivered + waiting + sum of causes + unexplained</pre>
 *
 * @param flow the flow
 * @param wire packets of the flow that were on the wire, as far as counters and sequence show: those that arrived, and
 *     those whose absence shows
 * @param delivered RTP packets that the handler counted
 * @param waiting on their way from kernel to handler: 0 when nothing arrives any more and the receiver has come by
 * @param causes the losses; causes without any are left out
 * @param unexplained what no cause accounts for: 0 unless this ledger is wrong
 */
public record FlowLedger(
        Flow flow, long wire, long delivered, long waiting, Map<Cause, Long> causes, long unexplained) {
    /**
     * Keeps a copy without the zeros, in the order of {@link Cause}.
     *
     * @param flow see {@link #flow()}
     * @param wire see {@link #wire()}
     * @param delivered see {@link #delivered()}
     * @param waiting see {@link #waiting()}
     * @param causes see {@link #causes()}
     * @param unexplained see {@link #unexplained()}
     */
    public FlowLedger {
        Map<Cause, Long> copy = new EnumMap<>(Cause.class);
        causes.forEach((cause, packets) -> {
            if (packets != 0) {
                copy.put(cause, packets);
            }
        });
        causes = Collections.unmodifiableMap(copy);
    }

    /**
     * {@return both accounts together: of a flow that was removed and came again}
     *
     * @param other of the same flow
     */
    public FlowLedger plus(FlowLedger other) {
        Map<Cause, Long> sums = new EnumMap<>(Cause.class);
        sums.putAll(causes);
        other.causes.forEach((cause, packets) -> sums.merge(cause, packets, Long::sum));
        return new FlowLedger(
                flow,
                wire + other.wire,
                delivered + other.delivered,
                waiting + other.waiting,
                sums,
                unexplained + other.unexplained);
    }

    /**
     * {@return packets lost to a cause, 0 if none}
     *
     * @param cause one of the causes
     */
    public long lost(Cause cause) {
        return causes.getOrDefault(cause, 0L);
    }

    /** {@return packets lost to all causes together} */
    public long lost() {
        return causes.values().stream().mapToLong(Long::longValue).sum();
    }
}

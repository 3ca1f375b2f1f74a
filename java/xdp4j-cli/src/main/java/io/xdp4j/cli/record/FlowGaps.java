// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.cli.Figures;
import io.xdp4j.ledger.Cause;
import io.xdp4j.packet.Flow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The gaps of a flow, and what made them, by the ledger: what the flow has lost between the last look at it before a
 * gap and the first one well behind it. The ledger counts packets and knows no gaps: when a flow lost packets to
 * several causes between the two looks, that is said of each of its gaps between them.
 *
 * <p>Memory is bounded: of so many gaps that nobody would read their comments, the oldest one's cause must do as it is.
 *
 * <p>Threads: one.
 */
final class FlowGaps {
    static final String NOT_KNOWN = "Cause not known yet.";

    /** Until a look has a packet's loss: the receiver may just have been counting it. And stragglers may come. */
    private static final long BEHIND_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** For so long the counters of a driver may still claim what the ledger takes for lost upstream, and a bit more. */
    private static final long CLAIMABLE_NS = TimeUnit.MILLISECONDS.toNanos(3_200);

    private static final Set<Cause> CLAIMABLE = Set.of(Cause.UPSTREAM, Cause.UPSTREAM_OR_LOCAL);

    /** Looks behind a gap, one a second, after which nothing more is to be expected. */
    private static final int MOST_LOOKS = 6;

    /** Stragglers that are farther behind count as late, and fill no gap: io.xdp4j.rtp.RtpFlow. */
    private static final int LONGEST_WAY_BEHIND = 4_096;

    static final int MOST_GAPS = 4_096;
    private static final int CROWDED_OUT_AT_A_TIME = MOST_GAPS / 4;

    private final Flow flow;
    private final List<Gap> gaps = new ArrayList<>(); // in order; settled ones too while others need them
    private long lookNs = LedgerLook.NOTHING.takenNs(); // of the last look before the last packet arrived
    private Map<Cause, Long> lost = Map.of(); // what that one had
    private long gone; // missing in gaps that were crowded out, of those that begin at the look where the last one does
    private long goneLookNs = lookNs; // when that look was

    FlowGaps(Flow flow) {
        this.flow = flow;
    }

    Flow flow() {
        return flow;
    }

    /** Comes with each packet, behind what is asked of the gap in front of it. */
    void arrived(long arrivalNs, LedgerLook latest) {
        if (lookNs < latest.takenNs() && arrivalNs > latest.takenNs()) {
            lookNs = latest.takenNs();
            lost = latest.lost(flow);
        }
    }

    /** @see Gap#Gap */
    Gap open(GapWindow window, int firstMissing, int numbers, int missing, long seenNs) {
        Gap.Moment moment = new Gap.Moment(seenNs, lookNs, lost);
        Gap gap = new Gap(window, flow, firstMissing, numbers, missing, moment);
        window.addMissing(missing);
        if (gaps.size() == MOST_GAPS) {
            crowdOut();
        }
        gaps.add(gap);
        return gap;
    }

    /** What they miss has its part in the loss that the others are settled by. */
    private void crowdOut() {
        List<Gap> oldest = gaps.subList(0, CROWDED_OUT_AT_A_TIME);
        for (Gap gap : oldest) {
            if (!gap.isSettled()) {
                gap.settle(NOT_KNOWN);
            }
            gone = gap.missing() + (gap.moment().lookNs() == goneLookNs ? gone : 0);
            goneLookNs = gap.moment().lookNs();
        }
        oldest.clear();
    }

    /** A packet has come late: takes it off the gap that it was missing in; that one, or null. */
    Gap heal(int sequence) {
        for (int i = gaps.size() - 1; i >= 0; i--) {
            Gap gap = gaps.get(i);
            if (gap.heal(sequence)) {
                return gap;
            }
            if (gap.distance(sequence) > LONGEST_WAY_BEHIND) {
                return null;
            }
        }
        return null;
    }

    /** What the flow lost between two looks; many gaps share it. */
    private static final class Loss {
        final Map<Cause, Long> causes;
        final long packets;
        final boolean isClaimable;
        private String ofOne; // sentences, made when they are wanted
        private String ofSeveral;

        Loss(Map<Cause, Long> causes) {
            this.causes = causes;
            this.packets = causes.values().stream().mapToLong(Long::longValue).sum();
            this.isClaimable = causes.keySet().stream().anyMatch(CLAIMABLE::contains);
        }

        static Loss between(Map<Cause, Long> before, Map<Cause, Long> after) {
            Map<Cause, Long> causes = new EnumMap<>(Cause.class);
            after.forEach((cause, packets) -> {
                long more = packets - before.getOrDefault(cause, 0L);
                if (more > 0) {
                    causes.put(cause, more);
                }
            });
            return new Loss(causes);
        }

        String sentence(boolean isOfOneGap) {
            if (causes.size() == 1 || isOfOneGap) {
                ofOne = ofOne != null ? ofOne : sentenceOfOne();
                return ofOne;
            }
            ofSeveral = ofSeveral != null
                    ? ofSeveral
                    : "Causes of the " + Figures.count(packets) + " that the flow lost around then: " + list(causes)
                            + ".";
            return ofSeveral;
        }

        private String sentenceOfOne() {
            return (causes.size() == 1 ? "Cause: " + causes.keySet().iterator().next() : "Causes: " + list(causes))
                    + ".";
        }
    }

    /** Settles those that this look tells enough of. */
    void look(LedgerLook now) {
        long missing = gaps.stream().filter(gap -> isBehind(now, gap)).mapToLong(Gap::missing).sum();
        missing += gone;
        boolean isGoneCounted = true;
        int before = 0; // gaps that begin in front of the earlier of the two looks that tell of a gap
        Map<Cause, Long> earlier = null;
        Loss loss = null;
        for (Gap gap : gaps) {
            if (!isBehind(now, gap)) {
                break;
            }
            if (gap.moment().lost() != earlier) {
                earlier = gap.moment().lost();
                loss = Loss.between(earlier, now.lost(flow));
            }
            if (isGoneCounted && goneLookNs < gap.moment().lookNs()) {
                missing -= gone;
                isGoneCounted = false;
            }
            while (gaps.get(before).moment().lookNs() < gap.moment().lookNs()) {
                missing -= gaps.get(before++).missing();
            }
            if (!gap.isSettled()) {
                settle(gap, now, loss, missing);
            }
        }
        forget();
    }

    private static boolean isBehind(LedgerLook look, Gap gap) {
        return look.isLast() || look.takenNs() - gap.moment().seenNs() >= BEHIND_NS;
    }

    /**
     * @param loss between the two looks
     * @param missing in all gaps that lie between them; of one that begins in front of both, the loss has a part
     */
    private static void settle(Gap gap, LedgerLook now, Loss loss, long missing) {
        boolean isLastChance = gap.countLook() == MOST_LOOKS || now.isLast();
        boolean mayChange = loss.isClaimable && now.takenNs() - gap.moment().seenNs() < CLAIMABLE_NS;
        if (gap.missing() == 0 || loss.packets >= missing && (!mayChange || isLastChance)) {
            gap.settle(loss.sentence(gap.missing() == loss.packets));
        } else if (isLastChance) {
            gap.settle(loss.packets == 0 ? NOT_KNOWN : "Cause as far as known: " + list(loss.causes) + ".");
        }
    }

    /** For example {@code UPSTREAM 3, NIC 1}. */
    private static String list(Map<Cause, Long> causes) {
        return causes.entrySet().stream()
                .map(cause -> cause.getKey() + " " + Figures.count(cause.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Settled ones from the front on, that no open gap and none to come needs. */
    private void forget() {
        int open = 0;
        while (open < gaps.size() && gaps.get(open).isSettled()) {
            open++;
        }
        long neededNs = open < gaps.size() ? gaps.get(open).moment().lookNs() : lookNs;
        int past = 0;
        while (past < open && gaps.get(past).moment().lookNs() < neededNs) {
            past++;
        }
        gaps.subList(0, past).clear();
    }
}

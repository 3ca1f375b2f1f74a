// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.DISCONTINUITIES;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.RESTARTS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

/**
 * A known sequence is edited at random: packets are lost, delayed and duplicated. What the flow must count follows from
 * the edit, and from a set of the numbers before they were cut to 16 bits.
 */
class RtpReferenceTest {
    private static final int PACKETS = 150_000; // two wraps
    private static final int WINDOW = 4_096;
    private static final int SHORT_DELAY = 2_000;
    private static final int LONG_DELAY = 20_000;
    /** Only these are delayed beyond the window, so that no two late packets in a row look like a restart. */
    private static final int LATE_EVERY = 8;

    private record Arrival(long extended, double position) {}

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final RtpSender sender = new RtpSender(new RtpFlow());
    private final List<Arrival> arrivals = new ArrayList<>();
    private long lost;
    private long duplicated;

    @RepeatedTest(10)
    void stragglersWithinTheWindow() {
        System.out.println("seed " + seed);
        long first = edit(0);
        var reference = new Reference();
        arrivals.forEach(reference::arrive);
        assertEquals(0, reference.late);
        assertEquals(duplicated, reference.duplicate, "every copy made is one that arrived");
        assertEquals(PACKETS, reference.seen.size() + lost, "every packet arrived or was lost");
        assertAgrees(first, reference, lost);
    }

    @RepeatedTest(10)
    void stragglersBeyondTheWindow() {
        System.out.println("seed " + seed);
        long first = edit(0.01);
        var reference = new Reference();
        arrivals.forEach(reference::arrive);
        assertAgrees(first, reference, PACKETS - reference.seen.size());
    }

    /** The first packet arrives first and the last one last; what happens to the others is up to chance. */
    private long edit(double longDelays) {
        long first = random.nextInt(65_536);
        double loss = random.nextDouble() * 0.1;
        double delays = random.nextDouble() * 0.1;
        double duplicates = random.nextDouble() * 0.05;
        int lossesToCome = 0;
        for (int i = 0; i < PACKETS; i++) {
            boolean edge = i == 0 || i == PACKETS - 1;
            if (!edge && lossesToCome == 0 && random.nextDouble() < loss / 10) {
                lossesToCome = 1 + random.nextInt(20);
            }
            if (!edge && lossesToCome > 0) {
                lossesToCome--;
                lost++;
                continue;
            }
            boolean mayBeLate = !edge && i % LATE_EVERY == 0;
            arrivals.add(new Arrival(first + i, i + (edge ? 0 : delay(delays, mayBeLate ? longDelays : 0))));
            if (!edge && random.nextDouble() < duplicates) {
                arrivals.add(new Arrival(first + i, i + delay(0.5, mayBeLate ? longDelays : 0)));
                duplicated++;
            }
        }
        double end = PACKETS + LONG_DELAY;
        arrivals.set(arrivals.size() - 1, new Arrival(first + PACKETS - 1, end));
        arrivals.sort(Comparator.comparingDouble(Arrival::position));
        return first;
    }

    private double delay(double probability, double longProbability) {
        if (random.nextDouble() < longProbability) {
            return random.nextDouble() * LONG_DELAY;
        }
        return random.nextDouble() < probability ? random.nextDouble() * SHORT_DELAY : 0;
    }

    private void assertAgrees(long first, Reference reference, long expectedLost) {
        sender.spacingNs = 1_923;
        arrivals.forEach(arrival -> sender.send(arrival.extended));
        String message = "seed " + seed;
        sender.assertCounts(
                arrivals.size(), expectedLost, reference.reordered, reference.duplicate, reference.late);
        assertEquals(
                arrivals.size(),
                reference.inOrder + reference.reordered + reference.duplicate + reference.late,
                message);
        assertEquals(PACKETS, sender.count(EXPECTED), message);
        assertEquals(reference.discontinuities, sender.count(DISCONTINUITIES), message);
        assertEquals(0, sender.count(RESTARTS), message);
        assertEquals(
                first + PACKETS - 1,
                sender.statistics().latestStream().orElseThrow().extendedHighestSequence(),
                message);
    }

    /** Slow and plain: it knows the numbers uncut, and forgets none. */
    private static final class Reference {
        final Set<Long> seen = new HashSet<>();
        long highest = Long.MIN_VALUE / 2;
        long previous = Long.MIN_VALUE / 2;
        long inOrder;
        long reordered;
        long duplicate;
        long late;
        long discontinuities;

        void arrive(Arrival arrival) {
            long extended = arrival.extended;
            if (!seen.isEmpty() && (extended - previous - 1) % 65_536 != 0) {
                discontinuities++;
            }
            previous = extended;
            if (extended > highest) {
                inOrder++;
                highest = extended;
                seen.add(extended);
            } else if (extended <= highest - WINDOW) {
                late++;
            } else if (seen.add(extended)) {
                reordered++;
            } else {
                duplicate++;
            }
        }
    }
}

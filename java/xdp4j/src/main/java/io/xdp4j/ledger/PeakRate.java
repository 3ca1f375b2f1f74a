// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

/** The highest rate between two looks at a counter that are far enough apart for a rate to mean something. */
final class PeakRate {
    private static final long SHORTEST_NS = 500_000_000L;
    private static final double NS_PER_SECOND = 1e9;

    private boolean started;
    private boolean measured;
    private long markNs;
    private long markPackets;
    private double peakPps;

    /**
     * Takes a look.
     *
     * @param packets so far
     * @param nowNs System.nanoTime()
     */
    void update(long packets, long nowNs) {
        long elapsedNs = nowNs - markNs;
        if (!started) {
            started = true;
            mark(packets, nowNs);
        } else if (elapsedNs >= SHORTEST_NS) {
            peakPps = Math.max(measured ? peakPps : 0, pps(packets, elapsedNs));
            measured = true;
            mark(packets, nowNs);
        } else if (!measured && elapsedNs > 0) {
            peakPps = pps(packets, elapsedNs); // too short, but all there is
        }
    }

    private void mark(long packets, long nowNs) {
        markNs = nowNs;
        markPackets = packets;
    }

    private double pps(long packets, long elapsedNs) {
        return (packets - markPackets) * NS_PER_SECOND / elapsedNs;
    }

    /** Packets a second; 0 before the second look. */
    double pps() {
        return peakPps;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.rtp.RtpRecord;
import io.xdp4j.rtp.RtpStatistics;
import java.util.ArrayList;
import java.util.List;

/**
 * What the workers of a queue, one after the other, have counted of a flow.
 *
 * <p>Threads: any thread may ask; the queue changes the worker under its monitor.
 */
final class FlowOfWorkers implements RtpReadings {
    private final WorkerTalk.ExpectedFlow expected;
    private RtpStatistics before; // null while there was only one worker
    private RtpRecord record; // null while there is no worker

    FlowOfWorkers(WorkerTalk.ExpectedFlow expected) {
        this.expected = expected;
    }

    /** What each worker is told of it. */
    WorkerTalk.ExpectedFlow expected() {
        return expected;
    }

    /** A worker is there, which counts in this record. */
    synchronized void countIn(RtpRecord ofWorker) {
        record = ofWorker;
    }

    /** The worker has died. */
    synchronized void keep() {
        if (record != null) {
            before = snapshot();
            record = null;
        }
    }

    @Override
    public synchronized RtpStatistics snapshot() {
        List<RtpStatistics> parts = new ArrayList<>();
        if (before != null) {
            parts.add(before);
        }
        if (record != null) {
            parts.add(record.snapshot());
        }
        return RtpStatistics.sum(parts);
    }

    /** What came between two workers none of them has seen. */
    @Override
    public synchronized boolean isPartial() {
        return before != null && before.count(RtpCounter.RECEIVED) > 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.rtp.RtpRecord;
import io.xdp4j.schedule.ReceiverCounts;
import java.nio.ByteBuffer;

/**
 * The memory that a worker counts in and the distributor reads: it survives the worker.
 *
 * <pre>  | ReceiverCounts | RtpRecord of flow 0 | RtpRecord of flow 1 | ...</pre>
 */
record WorkerMemory(ByteBuffer memory, int sockets) {
    static int bytes(int sockets, int flows) {
        return recordsStart(sockets) + flows * RtpRecord.BYTES;
    }

    private static int recordsStart(int sockets) {
        return ReceiverCounts.bytes(sockets);
    }

    ReceiverCounts counts() {
        return new ReceiverCounts(memory, 0, sockets);
    }

    RtpRecord record(int flow) {
        return new RtpRecord(memory, recordsStart(sockets) + flow * RtpRecord.BYTES);
    }

    /** For another flow of that id: it begins with no counts. */
    void clear(int flow) {
        int start = recordsStart(sockets) + flow * RtpRecord.BYTES;
        for (int at = start; at < start + RtpRecord.BYTES; at += Long.BYTES) {
            memory.putLong(at, 0);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;

/** Finds a gap in a JVM that records nothing, and prints how many packets were lost. */
final class QuietJvm {
    private static final int LENGTH = 172;

    private QuietJvm() {}

    public static void main(String[] arguments) {
        RtpFlow flow = new RtpFlow();
        ByteBuffer packet = ByteBuffer.allocateDirect(LENGTH).put(0, (byte) 0x80);
        for (short sequence : new short[] {1, 2, 6}) {
            flow.onPacket(packet.putShort(2, sequence), 0, LENGTH, sequence);
        }
        JfrEvents.mode("the test", "nothing", "nothing", null);
        JfrEvents.loss("the test", "UPSTREAM", 3);
        System.out.println("lost " + flow.snapshot().count(RtpCounter.LOST));
    }
}

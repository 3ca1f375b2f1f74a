// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import io.xdp4j.lab.Recorded;
import io.xdp4j.rtp.RtpFlow;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives before anybody thinks of a recording, as when jcmd starts one; prints how many packets it has missing. */
final class LateRecording {
    private static final int LENGTH = 172;

    private LateRecording() {}

    public static void main(String[] arguments) throws IOException {
        RtpFlow flow = new RtpFlow();
        receive(flow, 1, 3);
        try (Recorded recorded = Recorded.start("io.xdp4j.Gap")) {
            receive(flow, 4, 7);
            System.out.println("missing " + recorded.stop("io.xdp4j.Gap").stream()
                    .mapToInt(gap -> gap.getInt("missing"))
                    .sum());
        }
    }

    private static void receive(RtpFlow flow, int... sequences) {
        ByteBuffer packet = ByteBuffer.allocateDirect(LENGTH).put(0, (byte) 0x80);
        for (int sequence : sequences) {
            flow.onPacket(packet.putShort(2, (short) sequence), 0, LENGTH, sequence);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A tone that ffmpeg sends over a {@link Cable}, as AES67 has it: RTP, 24 bits, 48 kHz, two channels. */
public final class AudioStream {
    private final String group;
    private final int port;

    public AudioStream(String group, int port) {
        this.group = group;
        this.port = port;
    }

    /** Has ffmpeg write its session description of it; what is sent for that is over when this returns. */
    public void describe(Path sdp) throws IOException {
        send("0.1", "-sdp_file", sdp.toString());
    }

    /** Sends it in real time, and waits for its end. */
    public void send(String seconds, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "ffmpeg", "-v", "error", "-nostdin", "-y", "-re", "-f", "lavfi", "-i", "sine=sample_rate=48000",
                "-t", seconds, "-ac", "2", "-c:a", "pcm_s24be", "-f", "rtp"));
        command.addAll(List.of(options));
        command.add("rtp://" + group + ":" + port + "?localaddr=" + Cable.TX_IPV4 + "&pkt_size=1200");
        Cable.run(command.toArray(String[]::new));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** tshark at the sending end of a {@link Cable}: what was really sent, by another judge. */
public final class WireTap implements AutoCloseable {
    private static final long WRITES_WITHIN_MS = 1_500; // in blocks, once a second

    private final Path capture;
    private final Process tshark;

    private WireTap(Path capture, String filter) throws IOException {
        this.capture = capture;
        tshark = new ProcessBuilder("tshark", "-q", "-i", Cable.TX, "-f", filter, "-w", capture.toString())
                .redirectErrorStream(true)
                .start();
    }

    /**
     * Captures from when this returns.
     *
     * @param capture file to write
     * @param filter in the language of libpcap
     */
    public static WireTap start(Path capture, String filter) throws IOException {
        WireTap tap = new WireTap(capture, filter);
        BufferedReader said =
                new BufferedReader(new InputStreamReader(tap.tshark.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); !line.startsWith("Capturing on"); line = said.readLine()) {
            assertTrue(tap.tshark.isAlive(), line);
        }
        Cable.await("the head of the capture", () -> Files.exists(capture) && Files.size(capture) > 0);
        return tap;
    }

    /** Ends it; how many packets there were. */
    public long packets() throws IOException, InterruptedException {
        Thread.sleep(WRITES_WITHIN_MS);
        Cable.run("kill", "-INT", Long.toString(tshark.pid()));
        tshark.waitFor();
        return Cable.run("tshark", "-r", capture.toString(), "-T", "fields", "-e", "frame.number")
                .lines()
                .filter(line -> line.matches("\\d+")) // tshark may also say that it should not be run as root
                .count();
    }

    @Override
    public void close() {
        tshark.destroyForcibly();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive} as its user runs it, against sources whose packets are counted elsewhere. */
@Tag("integration")
@Timeout(120)
class ReceiveIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final int SIGTERM_EXIT = 143;
    private static final int SIGINT_EXIT = 130;

    @TempDir
    private Path folder;

    @BeforeEach
    void plug() throws Exception {
        assumeTrue(
                "yes".equals(System.getenv("XDP4J_THROWAWAY_NETNS")),
                "needs a network namespace of its own, as ./check makes it");
        run("ip", "link", "add", "rx0", "type", "veth", "peer", "name", "tx0"); // a queue each
        run("ethtool", "-K", "rx0", "gro", "on");
        run("ip", "addr", "add", "10.99.0.1/24", "dev", "rx0");
        run("ip", "addr", "add", "10.99.0.2/24", "dev", "tx0");
        run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.rx0.rp_filter=0",
                "net.ipv4.conf.rx0.accept_local=1");
        run("ip", "link", "set", "rx0", "up");
        run("ip", "link", "set", "tx0", "up");
    }

    @AfterEach
    void unplug() throws Exception {
        new ProcessBuilder("ip", "link", "del", "rx0").start().waitFor();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
        return output;
    }

    /** {@code receive} in a process of its own. */
    private final class Receive {
        final Path json = folder.resolve("received.json");
        final Process process;
        final BufferedReader output;

        Receive(String... options) throws IOException {
            this(List.of(), options);
        }

        /** @param launcher what starts it, with its arguments */
        Receive(List<String> launcher, String... options) throws IOException {
            // A shell that runs tests in the background makes them ignore SIGINT.
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
            command.addAll(launcher);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.library.path=" + System.getProperty("java.library.path"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.xdp4j.cli.Main",
                    "receive",
                    "--interface",
                    "rx0",
                    "--flow",
                    FLOW,
                    "--json",
                    json.toString()));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Waits until it is ready, which it says. */
        Receive ready() throws IOException {
            String line = output.readLine();
            assertTrue(line != null && line.startsWith("receiving "), line);
            return this;
        }

        /** What it printed from now on, and how it ended. */
        String endsWith(int exitCode) throws Exception {
            StringBuilder text = new StringBuilder();
            output.lines().forEach(line -> text.append(line).append('\n'));
            assertEquals(exitCode, process.waitFor(), text::toString);
            return text.toString();
        }

        void signal(String name) throws Exception {
            run("kill", "-" + name, Long.toString(process.pid()));
        }

        JsonNode report() throws IOException {
            return new ObjectMapper().readTree(Files.readString(json));
        }
    }

    /** No program, no socket, no membership is left on the interface. */
    private static void nothingIsLeft() throws Exception {
        assertTrue(!run("ip", "link", "show", "dev", "rx0").contains("xdp"), "an XDP program is attached");
        assertTrue(!run("ip", "maddr", "show", "dev", "rx0").contains("239.1.2.3"), "the group is joined");
    }

    private static void send(int packets, long ratePps) throws Exception {
        try (RtpSource source = RtpSource.on("tx0")
                .flow(Flow.parse(FLOW))
                .positions(packets)
                .firstSequence(65_000)
                .lose(List.of(new PositionRange(500, 599, 1), new PositionRange(2_000, 8_000, 1_000)))
                .open()) {
            PacedSender sender = new PacedSender(source, ratePps);
            while (sender.step()) {
                // until all is sent
            }
            assertEquals(0, source.refused());
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everyBackendAgreesWithTheSource(Backend backend) throws Exception {
        Receive receive = new Receive("--backend", backend.toString()).ready();
        assertTrue(run("ip", "maddr", "show", "dev", "rx0").contains("239.1.2.3"), "the group is not joined");
        send(10_000, 50_000); // fits the rings and the receive buffers: no machine is too slow
        Thread.sleep(300); // for the threads that a socket's packets pass
        receive.signal("TERM");
        String text = receive.endsWith(SIGTERM_EXIT);
        assertTrue(text.contains("on the wire 10,000   delivered 9,893   lost 107   unexplained 0"), text);
        assertTrue(text.contains("    upstream                    107   1.1 %"), text);
        assertTrue(text.contains("received 9,893   expected 10,000   lost 107   not RTP 0"), text);

        JsonNode report = receive.report();
        JsonNode flow = report.get("flows").get(0);
        assertEquals(backend.toString(), report.get("backend").asText());
        assertEquals(FLOW, flow.get("flow").asText());
        assertEquals(9_893, flow.get("received").asLong()); // 10,000 - 100 - 7
        assertEquals(10_000, flow.get("expected").asLong());
        assertEquals(107, flow.get("lost").asLong());
        assertEquals(
                "{\"wire\":10000,\"delivered\":9893,\"waiting\":0,\"causes\":{\"UPSTREAM\":107},\"unexplained\":0}",
                flow.get("ledger").toString());
        assertEquals("UPSTREAM", flow.get("advice").get(0).get("cause").asText());
        assertEquals(107, flow.get("advice").get(0).get("packets").asLong());
        assertEquals(0, flow.get("advice").get(0).get("options").size());
        assertEquals(8, flow.get("discontinuities").asLong()); // one a gap
        assertEquals(0, flow.get("reordered").asLong() + flow.get("duplicate").asLong());
        assertEquals(0, flow.get("nonRtp").asLong());
        assertEquals(backend == Backend.XDP, report.has("xdp"));
        assertEquals(backend != Backend.XDP, report.has("socket"));
        assertEquals(backend == Backend.NIO, report.get("latencyUs").isNull());
        assertEquals(report.get("latencyUs"), flow.get("latencyUs")); // it is the only one
        if (backend == Backend.XDP) {
            assertEquals("native", report.at("/xdp/mode").asText());
            assertEquals(0, report.at("/xdp/rxDropped").asLong());
            assertEquals(9_893, flow.at("/kernel/redirected").asLong());
        } else {
            assertEquals(0, report.at("/socket/drops").asLong());
        }
        nothingIsLeft();
    }

    /** An independent sender and an independent judge: ffmpeg's MPEG-TS over RTP, counted by tshark on the wire. */
    @Test
    void agreesWithTsharkOnAStreamOfFfmpeg() throws Exception {
        Path capture = folder.resolve("sent.pcap");
        Process tshark = new ProcessBuilder(
                        "tshark", "-q", "-i", "tx0", "-f", "udp port 5004", "-w", capture.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(tshark.getInputStream()));
        for (String line = said.readLine(); !line.startsWith("Capturing on"); line = said.readLine()) {
            assertTrue(tshark.isAlive(), line);
        }
        Receive receive = new Receive().ready();
        while (Files.notExists(capture) || Files.size(capture) == 0) {
            Thread.sleep(10); // it captures once it has written the file's header
        }
        run("ffmpeg", "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25", "-t", "4",
                "-c:v", "mpeg2video", "-b:v", "2M", "-f", "rtp_mpegts",
                "rtp://239.1.2.3:5004?localaddr=10.99.0.2&pkt_size=1316");
        Thread.sleep(1_500); // tshark writes in blocks, once a second
        run("kill", "-INT", Long.toString(tshark.pid()));
        tshark.waitFor();
        receive.signal("INT");
        receive.endsWith(SIGINT_EXIT);

        // Start, end, source, port, destination, port, SSRC, payload, packets, lost, (percent), ...
        String stream = run("tshark", "-q", "-r", capture.toString(), "-d", "udp.port==5004,rtp", "-z", "rtp,streams")
                .lines()
                .filter(line -> line.contains("239.1.2.3"))
                .findFirst()
                .orElseThrow();
        String[] columns = stream.strip().split("\\s+");
        int ssrc = 0;
        while (!columns[ssrc].startsWith("0x")) {
            ssrc++;
        }
        int lost = ssrc;
        while (!columns[lost].startsWith("(")) {
            lost++;
        }
        JsonNode flow = receive.report().get("flows").get(0);
        assertEquals(Long.decode(columns[ssrc]), Long.decode(flow.get("ssrc").asText()));
        assertEquals(Long.parseLong(columns[lost - 2]), flow.get("received").asLong());
        assertEquals(Long.parseLong(columns[lost - 1]), flow.get("lost").asLong());
        assertTrue(flow.get("received").asLong() > 100, "a stream of 4 s was asked for");
        assertEquals(0, flow.get("discontinuities").asLong());
        nothingIsLeft();
    }

    /** Those that README.md asks for, and no others. */
    @Test
    void needsFourCapabilities() throws Exception {
        String capabilities = "-all,+net_raw,+net_admin,+bpf,+ipc_lock";
        Receive receive = new Receive(
                        List.of("setpriv", "--bounding-set", capabilities, "--inh-caps", capabilities),
                        "--seconds",
                        "1")
                .ready();
        receive.endsWith(0);
        assertEquals("native", receive.report().at("/xdp/mode").asText());
        nothingIsLeft();
    }

    @Test
    void endsAfterTheSecondsAskedFor() throws Exception {
        Receive receive = new Receive("--seconds", "1").ready();
        String text = receive.endsWith(0);
        assertTrue(text.contains("no RTP packet came"), text);
        nothingIsLeft();
    }

    @Test
    void leavesNothingAfterKill9() throws Exception {
        Receive receive = new Receive().ready();
        receive.signal("KILL");
        receive.process.waitFor();
        for (int tries = 0; tries < 500 && run("ip", "link", "show", "dev", "rx0").contains("xdp"); tries++) {
            Thread.sleep(10); // the kernel takes the process down after wait() has returned
        }
        nothingIsLeft();
        assertTrue(Files.notExists(receive.json));
        new Receive("--seconds", "1").ready().endsWith(0);
    }

    @Test
    void saysThatTheInterfaceIsGone() throws Exception {
        Receive receive = new Receive().ready();
        run("ip", "link", "del", "rx0");
        assertTrue(receive.process.waitFor(20, TimeUnit.SECONDS));
        String text = receive.endsWith(1);
        assertTrue(text.contains("interface rx0 is gone"), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--queue 1: rx0 has only queue 0",
                "--frame-size 1024: --frame-size 1024: use 2048 or 4096",
                "--fill-ring 1048576: --fill-ring 1048576 with frames of 2048 bytes needs more than 2 GiB",
                "--mode zero-copy: the driver of rx0 has no zero-copy",
            })
    void refusesWhatTheInterfaceDoesNotHave(String optionAndMessage) throws Exception {
        String[] parts = optionAndMessage.split(": ", 2);
        String text = new Receive(parts[0].split(" ")).endsWith(2);
        assertTrue(text.contains(parts[1]), text);
        assertEquals(1, text.lines().count(), text);
        nothingIsLeft();
    }

    @Test
    void refusesAQueueThatIsTaken() throws Exception {
        Receive first = new Receive().ready();
        String text = new Receive().endsWith(2);
        assertTrue(text.contains("queue 0 of rx0 is taken by another AF_XDP socket"), text);
        assertEquals(1, text.lines().count(), text);
        first.signal("TERM");
        first.endsWith(SIGTERM_EXIT);
        nothingIsLeft();
    }
}

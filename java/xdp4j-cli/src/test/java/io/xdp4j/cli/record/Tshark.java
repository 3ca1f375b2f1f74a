// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Wireshark's programs read in a file. */
public final class Tshark {
    /** Source, port, group, port, SSRC, (payload type), packets and lost. */
    private static final Pattern STREAM = Pattern.compile(
            "\\s(\\S+)\\s+(\\d+)\\s+(\\S+)\\s+(\\d+)\\s+(0x\\p{XDigit}{8})\\s+\\S+\\s+(\\d+)\\s+(-?\\d+) \\(");

    private Tshark() {}

    /** A line of {@code -z rtp,streams}. */
    public record Stream(String source, String group, int port, int ssrc, long packets, long lost) {}

    private static List<String> run(int exitCode, String... command) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", command[0])), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exitCode, process.onExit().join().exitValue(), () -> String.join(" ", command) + ": " + output);
        return output.lines().toList();
    }

    /** Of each packet the fields, with a tab between; on port 5004 there is RTP. */
    public static List<String> fields(Path file, String... fields) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "tshark", "-r", file.toString(), "-d", "udp.port==5004,rtp", "-o", "ip.check_checksum:TRUE", "-o",
                "udp.check_checksum:TRUE", "-T", "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return run(0, command.toArray(String[]::new));
    }

    public static List<Stream> streams(Path file) throws IOException {
        List<Stream> streams = new ArrayList<>();
        List<String> lines =
                run(0, "tshark", "-q", "-r", file.toString(), "-d", "udp.port==5004,rtp", "-z", "rtp,streams");
        for (String line : lines) {
            Matcher stream = STREAM.matcher(line);
            if (stream.find()) {
                streams.add(new Stream(
                        stream.group(1),
                        stream.group(3),
                        Integer.parseInt(stream.group(4)),
                        Integer.parseUnsignedInt(stream.group(5).substring(2), 16),
                        Long.parseLong(stream.group(6)),
                        Long.parseLong(stream.group(7))));
            }
        }
        return streams;
    }

    /** How many packets capinfos counts in a file that has nothing wrong; in one of 0 packets as well. */
    public static long packets(Path file) throws IOException {
        List<String> lines = run(0, "capinfos", "-M", "-c", file.toString());
        return Long.parseLong(lines.get(lines.size() - 1).replaceAll(".*:\\s*", ""));
    }

    /** Every block and option, as Wireshark takes the file itself apart: a line each, stripped. */
    public static List<String> blocks(Path file) throws IOException {
        return run(0, "tshark", "-r", file.toString(), "-X", "read_format:MIME Files Format", "-V").stream()
                .map(String::strip)
                .toList();
    }
}

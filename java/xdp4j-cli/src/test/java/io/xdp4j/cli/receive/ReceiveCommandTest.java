// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.KernelException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Bad input is refused before anything is opened. */
class ReceiveCommandTest {
    private static String refusalOf(String... arguments) {
        StringWriter printed = new StringWriter();
        List<String> refusal = new ArrayList<>();
        CommandLine line = new CommandLine(new ReceiveCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(printed))
                .setParameterExceptionHandler((e, ignored) -> {
                    refusal.add(e.getMessage());
                    return 2;
                })
                .setExecutionExceptionHandler((e, ignored, parsed) -> {
                    assertTrue(e instanceof BadInput || e instanceof KernelException, String.valueOf(e));
                    refusal.add(e.getMessage());
                    return 2;
                });
        assertEquals(2, line.execute(arguments));
        assertEquals("", printed.toString());
        assertFalse(refusal.get(0).contains("\n"), refusal.get(0));
        return refusal.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rx-ring 1000       | 1000 is not a power of two: use 512 or 1024",
                "--fill-ring 3000     | 3000 is not a power of two: use 2048 or 4096",
                "--idle nap           | 'nap' is none of spin, yield, poll and sleep:DURATION",
                "--idle sleep:1       | '1' is not a duration",
                "--idle sleep:0ms     | 'sleep:0ms' is no sleep: use spin",
                "--mode fast          | 'fast' is none of auto, native, generic and zero-copy",
                "--backend pcap       | 'pcap'",
                "--queue x            | 'x' is no list of queues: use all, or for example 0 or 0,2-3",
                "--queue 3-1          | '3-1' ends before it begins: use 1-3",
                "--cpu x              | 'x' is no list of CPUs: use for example 2 or 2,4-5",
                "--cpu 1,             | '1,' is no list of CPUs",
                "--cpu 5-2            | '5-2' ends before it begins: use 2-5",
                "--backend raw --cpu 1 | --cpu means nothing to --backend raw: leave it out, or use xdp",
                "--busy-poll many     | 'many'",
                "--backend nio --busy-poll | --busy-poll means nothing to --backend nio",
                "--backend nio --busy-poll 16 | --busy-poll means nothing to --backend nio",
                "--backend nio --priority 5 | --priority means nothing to --backend nio",
                "--seconds 0          | --seconds 0: use 1 or more",
                "--batch 0            | --batch 0: use 1 to 65536",
                "--metrics localhost:9400 | 'localhost' is not an IPv4 address, and names are not looked up",
                "--metrics 65536      | port '65536' is not between 0 and 65535",
                "--metrics ::1        | '::1' is not PORT or ADDRESS:PORT",
                "--receive-buffer 0 --backend raw | --receive-buffer 0: use 1 to 1073741824",
                "--receive-buffer 4096 | --receive-buffer means nothing to --backend xdp: leave it out",
                "--backend raw --queue 0 | --queue means nothing to --backend raw: leave it out, or use xdp",
                "--backend recvmmsg --fill-ring 64 | --fill-ring means nothing to --backend recvmmsg",
                "--backend nio --rx-ring 64 | --rx-ring means nothing to --backend nio",
                "--backend nio --frame-size 4096 | --frame-size means nothing to --backend nio",
                "--backend nio --mode generic | --mode means nothing to --backend nio",
                "--flow 10.0.0.1:5004 | 10.0.0.1 is not a multicast group",
                "--flow 239.1.2.3:0   | port 0 is not between 1 and 65535",
                "--flow 239.9.9.9:9   | flow 239.9.9.9:9 is given twice",
                "--sdp /no/such.sdp   | --sdp /no/such.sdp: there is no such file",
                "--sdp /dev/null      | --sdp /dev/null is no regular file: name a session description",
            })
    void namesTheValueAndTheRemedy(String option, String message) {
        List<String> arguments = new ArrayList<>(List.of("--interface", "lo", "--flow", "239.9.9.9:9"));
        arguments.addAll(List.of(option.split(" ")));
        String refusal = refusalOf(arguments.toArray(String[]::new));
        assertTrue(refusal.contains(message), refusal);
    }

    @Test
    void namesTheInterfaceThatIsNotThere() {
        assertEquals(
                "there is no interface 'nope0': `ip link` lists them",
                refusalOf("--interface", "nope0", "--flow", "239.1.2.3:5004"));
    }

    @Test
    void namesTheFolderThatIsNotThere() {
        String refusal =
                refusalOf("--interface", "lo", "--flow", "239.1.2.3:5004", "--json", "/no/such/folder/result.json");
        assertTrue(refusal.contains("/no/such/folder"), refusal);
    }

    @Test
    void needsAnInterfaceAndAFlow() {
        assertTrue(refusalOf("--flow", "239.1.2.3:5004").contains("--interface"));
        assertEquals(
                "which flows? Name them by --flow GROUP:PORT, in a file by --flows FILE, or by a session description,"
                        + " --sdp FILE",
                refusalOf("--interface", "lo"));
    }
}

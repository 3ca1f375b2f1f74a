// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** What it says, {@link HelpTest} looks at. */
    @Test
    void explainsItselfWithoutACommand() {
        assertEquals(0, run());

        assertEquals(Main.commandLine().getUsageMessage(), out.toString());
    }

    @Test
    void knowsItsVersion() {
        assertEquals(0, run("--version"));

        assertTrue(out.toString().startsWith("xdp4j "), out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | 'nonsense'",
                "compare --rates 0 | --rates 0 is not between 1 and 10000000",
                "compare --rates fast | 'fast' is not a whole number",
                "compare --rates 1000,1000 | --rates has 1000 twice",
                "compare --rates 99999999999999999999 | '99999999999999999999' is not a whole number",
                "compare --seconds 0 | --seconds 0 is not between 1 and 3600",
                "compare --seconds -1 | --seconds -1 is not between 1 and 3600",
                "compare --size 59 | --size 59 is not between 60 and 1514",
                "compare --size 1515 | --size 1515 is not between 60 and 1514",
                "compare --backends xdp,dpdk | 'dpdk' is not a backend: use xdp,question,raw,recvmmsg,nio",
                "compare --backends xdp,xdp | --backends has xdp twice",
                "compare --idle nap | 'nap' is none of spin, yield, poll and sleep:DURATION",
                "compare --backends xdp,peer --idle spin,yield | --idle yield: the peer does not have it",
                "compare --idle spin,spin | --idle has spin twice",
                "compare --backends drop | --backends drop receives nothing that could be compared",
                "compare --lossless --rates 1000 | --rates means nothing to --lossless",
                "compare --lossless --idle spin,poll | --idle spin,poll: --lossless takes one",
                "compare --lossless --idle yield | --idle yield: the peer does not have it",
                "compare --lossless --seconds 0 | --seconds 0 is not between 1 and 3600",
                "compare --lossless --cost | --lossless and --cost: use one of the two",
                "compare --lossless --rounds 3 | --rounds means nothing without --cost",
                "compare --rounds 3 | --rounds means nothing without --cost: leave it out, or add --cost",
                "compare --cost --rounds 0 | --rounds 0 is not between 1 and 1000",
                "compare --cost --backends xdp | --backends means nothing to --cost",
                "compare --cost --idle yield | --idle yield: the peer does not have it: use spin",
                "compare --cost --rates 10000001 | --rates 10000001 is not between 1 and 10000000",
                "compare --lossless=yes | 'yes' is not a boolean",
                "compare --json /tmp/same --report /tmp/../tmp/same | is the file of --",
                "receive --interface lo --flow 239.1.2.3:5004 --hdr /tmp/same --record /tmp/same |"
                        + " --record /tmp/same is the file of --hdr as well: name another one",
                "compare --colour | '--colour'",
                "doctor --interface nope0 | there is no interface 'nope0': `ip link` lists them",
                "doctor --interface lo | interface lo is the loopback: name one with Ethernet headers",
                "doctor --rate 0 | --rate 0 is not between 1 and 100000000 packets a second",
                "doctor --rate 150000 --rate fast | 'fast' is not a whole number",
                "doctor --json /nope/doctor.json | --json /nope/doctor.json: there is no folder /nope; make it first",
                "explain --flow 239.1.2.3:5004 | Missing required option: '--interface=IF'",
                "explain --interface lo | which flows? Name them by --flow GROUP:PORT, in a file by --flows FILE,",
                "explain --interface lo --flow 239.1.2.3:5004 --seconds 0 | --seconds 0: use 1 or more",
                "lab sideways | 'sideways'",
                "lab up --queues 0 | --queues 0 is not between 1 and 64",
                "lab exec | 'tx|rx'",
                "lab exec mid ls | 'mid'",
            })
    void badInputIsOneLineAndTwo(String arguments, String named) {
        assertEquals(2, run(arguments.split(" ")));

        List<String> lines = err.toString().lines().toList();
        assertEquals(1, lines.size(), err.toString());
        assertTrue(lines.get(0).startsWith("xdp4j: "), lines.get(0));
        assertTrue(lines.get(0).contains(named), lines.get(0));
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}

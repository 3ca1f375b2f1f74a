// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
    private final StringWriter out = new StringWriter();
    private final DoctorText text = new DoctorText(new PrintWriter(out));

    @Test
    void aLineForWhatIsWell() {
        assertEquals(List.of("  ok       BTF: there"), DoctorText.lines(Finding.ok(Check.BTF, "there", "")));
    }

    @Test
    void eightyColumnsButForCommands() {
        String command = "echo " + "x".repeat(100);
        String meaning = "word ".repeat(50).strip() + ".";
        List<String> lines = DoctorText.lines(Finding.warning(Check.GRO, "on", meaning, command));
        assertTrue(lines.get(0).startsWith("  warning  GRO: on. word word"), lines.get(0));
        assertTrue(lines.get(1).startsWith("           word"), lines.get(1));
        assertEquals("           mend: " + command, lines.get(lines.size() - 1));
        lines.subList(0, lines.size() - 1).forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(lines.size() > 3, lines.toString());
    }

    @Test
    void whatIsUnknownIsToBeLookedAt() {
        assertEquals(
                List.of("  unknown  firewall: nft is not installed", "           look: apt-get install nftables"),
                DoctorText.lines(
                        Finding.unknown(Check.FIREWALL, "nft is not installed", "", "apt-get install nftables")));
    }

    @Test
    void aHeadingForEachSubject() {
        text.findings(List.of(Finding.ok(Check.LINUX, "6.1", ""), Finding.ok(Check.BTF, "there", "")));
        text.findings(List.of(Finding.ok(Check.GRO, "off", "")));
        assertEquals(
                List.of("Kernel", "  ok       Linux: 6.1", "  ok       BTF: there", "",
                        "What the interface does to packets", "  ok       GRO: off"),
                out.toString().lines().toList());
    }

    @Test
    void whoRunsTheCommandsIsSaidOnce() {
        text.findings(List.of(Finding.ok(Check.LINUX, "6.1", "")));
        text.findings(List.of(Finding.warning(Check.GRO, "on", "", "ethtool -K eth1 gro off")));
        text.findings(List.of(Finding.warning(Check.LRO, "on", "", "ethtool -K eth1 lro off")));
        assertEquals(
                List.of("Kernel", "  ok       Linux: 6.1", "",
                        "The commands below are for root: run them in a shell of `sudo -s`.", "",
                        "What the interface does to packets", "  warning  GRO: on",
                        "           mend: ethtool -K eth1 gro off", "  warning  LRO: on",
                        "           mend: ethtool -K eth1 lro off"),
                out.toString().lines().toList());
    }

    @Test
    void countsVerdicts() {
        List<Finding> findings = List.of(
                Finding.ok(Check.LINUX, "", ""),
                Finding.problem(Check.LINK, "", ""),
                Finding.warning(Check.GRO, "", ""),
                Finding.warning(Check.LRO, "", ""),
                Finding.unknown(Check.FIREWALL, "", ""));
        DoctorReport report = new DoctorReport("eth1", null, findings, null, List.of());
        text.summary(report);
        assertEquals("1 problem, 2 warnings, 1 unknown", out.toString().strip());
    }

    @Test
    void checksOfASubjectStandTogether() {
        Subject before = Check.values()[0].subject();
        for (Check check : Check.values()) {
            assertTrue(check.subject().compareTo(before) >= 0, check.toString());
            before = check.subject();
        }
    }
}

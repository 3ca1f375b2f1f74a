// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What is said to a person, in 80 columns; a command is never broken. */
final class DoctorText {
    private static final int COLUMNS = 80;

    /** Not each by sudo, which does not open the file behind a {@code >}. */
    private static final String COMMANDS = "The commands below are for root: run them in a shell of `sudo -s`.";

    /** Of what is found, behind the verdict. */
    private static final int INDENT = 11;

    private final PrintWriter out;
    private Subject subject;
    private boolean saidWhoRunsCommands;

    /** @param out for people */
    DoctorText(PrintWriter out) {
        this.out = out;
    }

    /** Says them, in groups. */
    void findings(List<Finding> findings) {
        if (!saidWhoRunsCommands && findings.stream().anyMatch(finding -> !finding.mend().isEmpty())) {
            out.println((isFirst() ? "" : System.lineSeparator()) + COMMANDS);
            saidWhoRunsCommands = true;
        }
        for (Finding finding : findings) {
            if (finding.check().subject() != subject) {
                out.println((isFirst() ? "" : System.lineSeparator())
                        + finding.check().subject().heading());
                subject = finding.check().subject();
            }
            lines(finding).forEach(out::println);
        }
        out.flush();
    }

    private boolean isFirst() {
        return subject == null && !saidWhoRunsCommands;
    }

    /** {@code   warning  BPF JIT: off. What that means.}, and the commands below. */
    static List<String> lines(Finding finding) {
        String text = finding.check().label() + ": " + finding.found()
                + (finding.meaning().isEmpty() ? "" : ". " + finding.meaning());
        List<String> lines = new ArrayList<>(Paragraph.lines(INDENT, text, COLUMNS));
        lines.set(0, String.format("  %-" + (INDENT - 2) + "s", finding.verdict()) + lines.get(0).substring(INDENT));
        String verb = finding.verdict() == Verdict.UNKNOWN ? "look: " : "mend: ";
        finding.mend().forEach(command -> lines.add(" ".repeat(INDENT) + verb + command));
        return lines;
    }

    /** What `--interface` can name. */
    void candidates(List<Candidate> candidates) {
        out.println();
        out.println("Interfaces, for ./xdp4j doctor --interface NAME");
        candidates.forEach(candidate -> out.println("  " + candidate.words()));
        out.flush();
    }

    /** How many there are of each verdict that is not ok. */
    void summary(DoctorReport report) {
        out.println();
        out.println(plural(report.problems(), "problem") + ", " + plural(report.warnings(), "warning") + ", "
                + Figures.count(report.unknown()) + " unknown");
        out.flush();
    }

    private static String plural(long count, String what) {
        return Figures.count(count) + " " + what + (count == 1 ? "" : "s");
    }
}

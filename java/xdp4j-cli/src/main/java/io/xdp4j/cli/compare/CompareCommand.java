// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.OutputFile;
import io.xdp4j.cli.RootUser;
import io.xdp4j.cli.lab.AnonymousLab;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xdp4j compare}. */
@Command(
        name = "compare",
        header = {"Shows which way to receive loses how much, in a lab of its own.", ""},
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j compare --rates 150000,390000 --backends xdp,recvmmsg \\",
            "      --json compare.json",
            "  sudo ./xdp4j compare --rates 390000 --idle spin,poll,sleep:1ms \\",
            "      --backends xdp,peer,raw,recvmmsg,nio",
            "  sudo ./xdp4j compare --lossless          # how far each goes; some 6 minutes",
            "  sudo ./xdp4j compare --cost --rounds 9   # what a packet costs, in Java and C",
            "  sudo ./xdp4j compare --report compare.html"
        })
public final class CompareCommand implements Callable<Integer> {
    /** All flows are to arrive on one queue. */
    private static final int QUEUES = 1;

    @Mixin
    private CompareOptions options;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write all figures there as JSON; - is standard output.")
    private String json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page there: the verdict, plots of what was compared, and all figures. One file"
                    + " that needs no network.")
    private String report;

    @Override
    @SuppressWarnings("try") // the interruption is there to be closed
    public Integer call() throws IOException {
        options.check();
        RootUser.require("compare");
        if (json != null && report != null) {
            OutputFile.requireDifferent(Map.of("--json", json, "--report", report));
        }
        JsonFile file = json == null ? null : JsonFile.of(json);
        OutputFile page = report == null ? null : OutputFile.of("--report", report);
        PrintStream out = file != null && file.isStandardOutput() ? System.err : System.out;
        Cpus cpus = Cpus.ofThisProcess();
        PeerProgram peer = PeerProgram.ofThisBuild();
        Measurement measurement = options.measurement(cpus, peer);
        try (var interruption = Interruption.ofThisThread()) {
            int exitCode = ExitCode.OK;
            String ending = null;
            try {
                run(measurement, cpus, peer);
            } catch (InterruptedException e) {
                ending = "Interrupted after " + measurement.reached() + ".";
            } catch (IOException e) {
                ending = "xdp4j: " + e.getMessage();
                exitCode = ExitCode.SOFTWARE;
            } catch (CellFailed e) {
                ending = "xdp4j: " + e.getMessage();
                exitCode = e.exitCode();
            }
            interruption.settle();
            if (!measurement.isEmpty()) {
                Machine machine = Machine.ofThis(cpus.allowed().size());
                Measurement.Findings findings = measurement.findings(ending == null, machine);
                findings.report().forEach(out::println);
                if (file != null) {
                    file.write(findings);
                }
                if (page != null) {
                    page.write(findings.page().bytes());
                }
            }
            if (ending != null) {
                System.err.println(ending);
            }
            return exitCode;
        }
    }

    private void run(Measurement measurement, Cpus cpus, PeerProgram peer)
            throws IOException, InterruptedException, CellFailed {
        Progress progress = Progress.onStandardError();
        try (var lab = AnonymousLab.create(QUEUES)) {
            measurement.run(new CellRun(lab, options.size(), cpus, peer, progress), progress);
        } finally {
            progress.end();
        }
    }
}

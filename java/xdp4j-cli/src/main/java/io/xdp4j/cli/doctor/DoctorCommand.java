// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.receive.NumaNodes;
import io.xdp4j.cli.status.StatusPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j doctor}. */
@Command(
        name = "doctor",
        header = {"Says what keeps this machine from receiving all, and what mends it.", ""},
        description = {
            "Changes nothing and attaches nothing. What only root may see is unknown to others. Takes "
                    + DoctorCommand.SECONDS + " s."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit code:%n",
        exitCodeList = {
            "0:no problem; there may be warnings, and what is unknown",
            "1:a problem: as it is, receiving fails or loses packets",
            "2:bad input, for example an interface that is not there"
        },
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j doctor",
            "      the machine, and the interfaces that there are",
            "  sudo ./xdp4j doctor --interface eth1 --rate 150000",
            "      that interface as well, and the rings that 150,000 packets a second on a queue call for"
        })
public final class DoctorCommand implements Callable<Integer> {
    /** Long enough for a few hundred looks of every thread that runs at times. */
    static final int SECONDS = 3;

    private static final int PROBLEM = 1;
    private static final long MOST_PPS = 100_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--interface",
            paramLabel = "IF",
            description = "Where flows are to arrive. Without it: the machine, and a list of its interfaces.")
    private String interfaceName;

    @Option(
            names = "--rate",
            defaultValue = "150000,390000,520000",
            split = ",",
            paramLabel = "PPS",
            description = "Packets a second on one queue, for which the rings are reckoned. May be given several times."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<Long> rates;

    @Option(names = "--json", paramLabel = "FILE", description = "Write it there as JSON; - is standard output.")
    private String json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        for (long rate : rates) {
            if (rate < 1 || rate > MOST_PPS) {
                throw new BadInput("--rate " + rate + " is not between 1 and " + MOST_PPS + " packets a second");
            }
        }
        SystemFiles files = new SystemFiles(Path.of("/"));
        Host host = Host.read(files, "./xdp4j doctor" + (interfaceName == null ? "" : " --interface " + interfaceName));
        Optional<Nic> nic = interfaceName == null ? Optional.empty() : Optional.of(Nic.read(interfaceName, files));
        if (nic.isPresent() && nic.get().device().loopback()) {
            throw new BadInput("interface " + interfaceName + " is the loopback: name one with Ethernet headers");
        }
        DoctorText text = new DoctorText(JsonFile.words(spec, jsonFile));
        DoctorReport report = examine(host, nic, text);
        text.summary(report);
        if (jsonFile.isPresent()) {
            jsonFile.get().write(report);
        }
        return report.problems() == 0 ? ExitCode.OK : PROBLEM;
    }

    private DoctorReport examine(Host host, Optional<Nic> nic, DoctorText text)
            throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>(look(host, nic));
        text.findings(findings);
        if (host.refusal().isPresent()) {
            return new DoctorReport(interfaceName, null, findings, null, List.of());
        }
        Absence absence = Absence.measure(SECONDS, host.cpus());
        List<RingDepth> rings =
                rates.stream().map(rate -> RingDepth.of(rate, absence.longestNs())).toList();
        List<Finding> measured = new ArrayList<>(absence.findings());
        OptionalInt receiversCpu = new CpuChecks(host, nic).receiversCpu();
        rings.forEach(ring -> measured.add(ring.finding(Optional.ofNullable(interfaceName), receiversCpu)));
        text.findings(measured);
        findings.addAll(measured);
        List<Candidate> candidates = nic.isPresent() ? null : Candidate.all(host.files());
        if (candidates != null) {
            text.candidates(candidates);
        }
        return new DoctorReport(interfaceName, candidates, findings, absence, rings);
    }

    private List<Finding> look(Host host, Optional<Nic> nic) throws IOException {
        Findings findings = new Findings(host);
        new KernelChecks(host).addTo(findings);
        int queues = nic.map(each -> each.device().rxQueues()).orElse(1);
        int node = nic.map(each -> each.device().numaNode()).orElse(-1);
        new ProcessChecks(host, queues, NumaNodes.ofThisProcess().nearest(node)).addTo(findings);
        if (nic.isPresent()) {
            long highestPps = rates.stream().mapToLong(Long::longValue).max().orElseThrow();
            ProgramCheck program = new ProgramCheck(nic.get(), StatusPage.readAll(), ToolOutput::of);
            new InterfaceChecks(host, nic.get(), highestPps, program).addTo(findings);
            new OffloadChecks(host, nic.get()).addTo(findings);
            new MulticastChecks(host, nic.get()).addTo(findings);
        } else {
            findings.add(Check.MEMBERSHIPS, () -> MulticastChecks.memberships(host));
        }
        new SocketChecks(host, Optional.ofNullable(interfaceName), ToolOutput::of).addTo(findings);
        new CpuChecks(host, nic).addTo(findings);
        return findings.all();
    }
}

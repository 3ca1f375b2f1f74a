// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.RootUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j status}. */
@Command(
        name = "status",
        header = {
            "Shows what xdp4j has attached, joined, steered and started here.",
            "Here is this machine, in whatever network namespace.",
            ""
        },
        optionListHeading = "%nOptions:%n",
        footer = {"", "Example:", "  sudo ./xdp4j status"})
public final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Write it there as JSON; - is standard output.")
    private String json;

    @Override
    public Integer call() throws IOException {
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        RootUser.require("status");
        List<RunStatus> runs = StatusPage.readAll();
        PrintWriter out = JsonFile.words(spec, jsonFile);
        if (runs.isEmpty()) {
            out.println("nothing of xdp4j is attached, joined, steered or running here");
        }
        runs.forEach(run -> print(run, out));
        out.flush();
        if (jsonFile.isPresent()) {
            jsonFile.get().write(runs);
        }
        return ExitCode.OK;
    }

    private static void print(RunStatus run, PrintWriter out) {
        out.printf("xdp4j receive, pid %d, since %s, %s%n", run.pid(), shown(run.startedAt()), namespace(run.pid()));
        RunStatus.XdpStatus xdp = run.xdp();
        if (xdp == null) {
            line(out, "receives", run.backend() + " on " + run.interfaceName());
        } else {
            line(out, "attached", "XDP program " + xdp.program() + " to " + run.interfaceName() + ", " + xdp.mode()
                    + ", by " + xdp.attachment());
            line(out, xdp.workers(), xdp.queues().stream()
                    .map(StatusCommand::queue)
                    .collect(Collectors.joining("; ")));
            line(out, "steered", xdp.rules().isEmpty()
                    ? "none"
                    : xdp.rules().stream()
                            .map(rule -> rule.flow() + " to queue " + rule.queue() + " (rule " + rule.location() + ")")
                            .collect(Collectors.joining("; ")));
            if (xdp.standby() != null) {
                line(out, "standby", "pid " + xdp.standby());
            }
            if (xdp.guard() != null) {
                line(out, "guard", "pid " + xdp.guard());
            }
        }
        run.flows().forEach(flow -> line(out, "joined", flow.flow() + "   delivered " + Figures.count(flow.delivered())
                + "   lost " + Figures.count(flow.lost())
                + (flow.unexplained() == 0 ? "" : "   unexplained " + Figures.count(flow.unexplained()))));
    }

    private static String queue(RunStatus.QueueStatus queue) {
        String restarts = queue.restarts() == null || queue.restarts() == 0
                ? ""
                : ", started again " + queue.restarts() + (queue.restarts() == 1 ? " time" : " times");
        return "queue " + queue.queue()
                + (queue.worker() != null ? " pid " + queue.worker() : queue.restarts() != null ? " no worker" : "")
                + (queue.sockets() == 1 ? "" : ", " + queue.sockets() + " sockets")
                + restarts;
    }

    /** {@code net:[4026531840]}, as lsns(8) and ip-netns(8) tell namespaces apart. */
    private static String namespace(long pid) {
        try {
            return "network namespace "
                    + Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
        } catch (IOException e) {
            return "which has just ended";
        }
    }

    /** What another process says of itself is to be shown, and not obeyed by a terminal. */
    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("  %-10s %s%n", what, shown(value));
    }
}

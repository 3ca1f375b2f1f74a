// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.xdp.NetDeviceSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which XDP program is attached to the interface already, and whose it is. */
final class ProgramCheck {
    /** XDP programs that libxdp's dispatcher holds together. */
    private static final String DISPATCHER = "xdp_dispatcher";

    private static final String REFUSED = "`receive` is refused. It may be a firewall or a load balancer, which ends"
            + " with it: look first whose it is. ";

    private final Nic nic;
    private final List<RunStatus> runs;
    private final Tool tool;

    /**
     * @param runs of xdp4j that this process may know of
     * @param tool runs bpftool
     */
    ProgramCheck(Nic nic, List<RunStatus> runs, Tool tool) {
        this.nic = nic;
        this.runs = runs;
        this.tool = tool;
    }

    Finding look() throws IOException {
        NetDeviceSetup setup = nic.setup();
        boolean generic = setup.nativeProgram() == 0;
        int id = generic ? setup.genericProgram() : setup.nativeProgram();
        if (id == 0) {
            return Finding.ok(Check.XDP_PROGRAM, "none attached", "");
        }
        Optional<RunStatus> run = runs.stream()
                .filter(each -> each.xdp() != null && each.xdp().program() == id)
                .findFirst();
        if (run.isPresent()) {
            return Finding.ok(
                    Check.XDP_PROGRAM, "that of xdp4j receive, pid " + run.get().pid() + " (id " + id + ")", "");
        }
        String name = setup.programName();
        if (name.equals(DISPATCHER)) {
            return Finding.warning(
                    Check.XDP_PROGRAM,
                    "libxdp's dispatcher (id " + id + ")",
                    "`receive` is refused unless it joins it: --attach dispatcher.");
        }
        String found = "somebody else's, " + (generic ? "generic" : "native") + " ("
                + (name.isEmpty() ? "" : name + ", ") + "id " + id + ")";
        return foreign(found, id, generic);
    }

    private Finding foreign(String found, int id, boolean generic) throws IOException {
        String shown = "bpftool prog show id " + id;
        ToolOutput links = tool.run("bpftool", "--json", "link", "list");
        if (links.failed()) { // missing, or not root's
            return Finding.problem(
                    Check.XDP_PROGRAM,
                    found,
                    REFUSED + "End the program that attached it.",
                    shown,
                    "bpftool link list");
        }
        Optional<JsonNode> link = linkOf(id, new ObjectMapper().readTree(links.output()));
        if (link.isEmpty()) {
            return Finding.problem(
                            Check.XDP_PROGRAM,
                            found,
                            REFUSED + "End the program that attached it; where none is running any more, take it off.",
                            "bpftool net show dev " + nic.name(),
                            shown,
                            "ip link set " + nic.name() + (generic ? " xdpgeneric off" : " xdpdrv off"))
                    .thatInterrupts();
        }
        int linkId = link.get().path("id").asInt();
        return Finding.problem(
                Check.XDP_PROGRAM,
                found,
                REFUSED + "A link (bpf_link " + linkId + ") holds it, which `ip link` cannot take off: "
                        + holders(link.get()) + ".",
                "bpftool link show id " + linkId,
                shown);
    }

    /** One program can be attached to several interfaces. */
    private Optional<JsonNode> linkOf(int program, JsonNode links) {
        for (JsonNode link : links) {
            if (link.path("prog_id").asInt() == program
                    && link.path("ifindex").asInt(nic.device().index()) == nic.device().index()) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    /** Only a bpftool that was built with BPF skeletons tells who they are. */
    private static String holders(JsonNode link) {
        List<String> holders = new ArrayList<>();
        for (JsonNode process : link.path("pids")) {
            holders.add(process.path("comm").asText() + " (pid " + process.path("pid").asLong() + ")");
        }
        return holders.isEmpty()
                ? "end the program that holds it, or remove the name that it has in a bpffs"
                : "end " + String.join(" and ", holders);
    }
}

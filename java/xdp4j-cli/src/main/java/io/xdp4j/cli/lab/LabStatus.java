// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.RootUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code xdp4j lab status}: what {@code ip} says about both sides. */
@Command(
        name = "status",
        header = {"Shows interfaces, addresses, queues, XDP programs, groups, processes.", ""},
        footer = {"", "Example:", "  sudo ./xdp4j lab status"})
final class LabStatus implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RootUser.require("lab status");
        NamedLab.require();
        PrintWriter out = spec.commandLine().getOut();
        for (NamedLab.Side side : NamedLab.Side.values()) {
            out.println(side.namespaceName());
            print(side, out);
        }
        return CommandLine.ExitCode.OK;
    }

    private static void print(NamedLab.Side side, PrintWriter out) throws IOException {
        JsonNode link = ip(side, "-d", "addr", "show", "dev", side.interfaceName());
        line(out, "interface", side.interfaceName() + " " + link.path("operstate").asText());
        line(out, "addresses", elements(link.path("addr_info"))
                .map(address -> address.path("local").asText() + "/" + address.path("prefixlen").asText())
                .collect(Collectors.joining(" ")));
        line(out, "queues",
                link.path("num_rx_queues").asText() + " RX, " + link.path("num_tx_queues").asText() + " TX");
        line(out, "XDP program", program(link.path("xdp")));
        line(out, "groups", elements(ip(side, "maddr", "show", "dev", side.interfaceName()).path("maddr"))
                .map(entry -> entry.path("address").asText())
                .filter(LabStatus::isJoined)
                .collect(Collectors.joining(" ")));
        line(out, "processes", side.processes().stream()
                .map(Processes::describe)
                .collect(Collectors.joining(", ")));
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("  %-12s %s%n", what, value.isEmpty() ? "none" : value);
    }

    private static JsonNode ip(NamedLab.Side side, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-j"));
        command.addAll(List.of(arguments));
        return new ObjectMapper().readTree(side.namespace().run(command.toArray(String[]::new))).path(0);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Modes as in linux/if_link.h: XDP_ATTACHED_DRV, _SKB, _HW, _MULTI. */
    private static String program(JsonNode xdp) {
        if (xdp.isMissingNode()) {
            return "";
        }
        String mode = switch (xdp.path("mode").asInt()) {
            case 1 -> "native";
            case 2 -> "generic";
            case 3 -> "offloaded";
            default -> "in several modes";
        };
        JsonNode program = xdp.path("prog");
        return program.path("name").asText("") + " " + mode + ", id " + program.path("id").asText();
    }

    /** Not a link-layer address, nor one of the groups that every interface is in (RFC 1112, RFC 4291 2.8). */
    private static boolean isJoined(String address) {
        return !address.isEmpty()
                && !address.equals("224.0.0.1")
                && !address.equals("ff01::1")
                && !address.equals("ff02::1")
                && !address.startsWith("ff02::1:ff");
    }
}

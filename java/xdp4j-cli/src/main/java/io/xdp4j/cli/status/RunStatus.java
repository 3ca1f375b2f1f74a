// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a process that receives has attached, joined, steered and started, as it says itself.
 *
 * @param pid its own
 * @param startedAt ISO 8601
 * @param backend as on the command line
 * @param xdp null for ordinary sockets
 * @param flows that it receives now, whose groups it has joined
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunStatus(
        long pid,
        String startedAt,
        String backend,
        @JsonProperty("interface") String interfaceName,
        XdpStatus xdp,
        List<FlowStatus> flows) {
    /** Whether nothing is missing that is always there. */
    boolean isComplete() {
        return startedAt != null
                && backend != null
                && interfaceName != null
                && flows != null
                && (xdp == null || xdp.isComplete());
    }

    /**
     * @param mode in force
     * @param attachment link or dispatcher
     * @param program its id, as bpftool has it
     * @param workers threads or processes
     * @param standby the pid of the process that waits to be a worker, if there is one
     * @param guard the pid of the process that would undo things, if there is one
     * @param rules in the network card
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record XdpStatus(
            String mode,
            String attachment,
            int program,
            String workers,
            List<QueueStatus> queues,
            Long standby,
            Long guard,
            List<RuleStatus> rules) {
        private boolean isComplete() {
            return mode != null && attachment != null && workers != null && queues != null && rules != null;
        }
    }

    /** @param worker its pid; null for a thread, and while there is none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QueueStatus(int queue, int sockets, Long worker, Integer restarts) {}

    /** A rule of the network card that is ours. */
    public record RuleStatus(String flow, int queue, int location) {}

    /** Packets since it began. */
    public record FlowStatus(String flow, long delivered, long lost, long unexplained) {}
}

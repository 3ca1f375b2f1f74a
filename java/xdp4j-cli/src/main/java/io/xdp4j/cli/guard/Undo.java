// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.guard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.NapiSettings;
import io.xdp4j.xdp.SteeringRules;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;

/**
 * What is to be put right when a process that changed something outside itself was killed; one of the three is not
 * null.
 *
 * @param interfaceName where it was changed
 * @param rule that was added to the network card
 * @param dispatchedProgram the id of a program that was attached in libxdp's dispatcher
 * @param napi of the interface, and what they were before
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Undo(
        String interfaceName, SteeredQueue rule, Integer dispatchedProgram, NapiSettings napi) {
    /** {@link SteeringRules.Rule} with the flow as text. */
    public record SteeredQueue(String flow, int queue, int location) {}

    public static Undo of(String interfaceName, SteeringRules.Rule rule) {
        return new Undo(
                interfaceName,
                new SteeredQueue(rule.flow().toString(), rule.queue(), rule.location()),
                null,
                null);
    }

    public static Undo dispatched(String interfaceName, int program) {
        return new Undo(interfaceName, null, program, null);
    }

    public static Undo of(NapiSettings settings) {
        return new Undo(settings.interfaceName(), null, null, settings);
    }

    void run() throws IOException {
        if (rule != null) {
            SteeringRules.remove(
                    interfaceName, new SteeringRules.Rule(Flow.parse(rule.flow()), rule.queue(), rule.location()));
        }
        if (dispatchedProgram != null) {
            XdpProgram.detachFromDispatcher(interfaceName, dispatchedProgram);
        }
        if (napi != null) {
            napi.restore();
        }
    }
}

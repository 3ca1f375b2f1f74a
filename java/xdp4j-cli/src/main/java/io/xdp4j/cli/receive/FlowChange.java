// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.Flow;
import java.util.List;

/**
 * What a change of the flows has done.
 *
 * @param added in the order given
 * @param removed likewise
 * @param failures what could not be done, a sentence each; all else is as asked for
 */
public record FlowChange(List<Flow> added, List<Flow> removed, List<String> failures) {}

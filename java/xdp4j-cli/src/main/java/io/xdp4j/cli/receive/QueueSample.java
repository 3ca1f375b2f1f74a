// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

/**
 * How full the rings of a queue were since the sample before.
 *
 * @param fullest the most packets that a look found waiting in one of its sockets' RX rings; where packets take several
 *     frames, the most descriptors
 * @param room how many can wait: what the smaller one of RX ring and fill ring holds
 */
public record QueueSample(int queue, int fullest, int room) {}

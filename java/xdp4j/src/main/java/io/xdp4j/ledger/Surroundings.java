// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.OptionalLong;

/**
 * What the kernel counted around the flows since the ledger was opened.
 *
 * @param refused redirects of the XDP program that it refused for a wrong queue or device; empty where that cannot be
 *     read
 * @param checksumErrors UDP packets with a wrong checksum, in this network namespace
 * @param receiveBufferErrors UDP packets that found no room in a socket's buffer, in this network namespace
 */
record Surroundings(OptionalLong refused, long checksumErrors, long receiveBufferErrors) {}

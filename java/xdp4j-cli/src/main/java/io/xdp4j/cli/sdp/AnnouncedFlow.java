// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.packet.Flow;

/**
 * A flow that a session description names.
 *
 * @param line number of its media's first line
 */
public record AnnouncedFlow(Flow flow, int line, Announcement announcement) {}

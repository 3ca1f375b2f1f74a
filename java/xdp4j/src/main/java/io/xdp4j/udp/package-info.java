// SPDX-License-Identifier: Apache-2.0

/**
 * Ordinary sockets behind the same seam, each a {@link io.xdp4j.packet.PacketSource}, to be compared with AF_XDP or
 * used where it is not available; and the membership of a multicast group (RFC 3376, RFC 3810) that AF_XDP needs beside
 * it.
 */
package io.xdp4j.udp;

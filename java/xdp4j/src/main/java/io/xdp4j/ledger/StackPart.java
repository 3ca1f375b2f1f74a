// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

/** How much of the kernel's stack a packet passes before it reaches what receives it: up to this part. */
enum StackPart {
    /** An XDP program in native mode is in front of all of it. */
    NONE,

    /** An XDP program in generic mode is behind the CPU's backlog, where the driver has no NAPI. */
    BACKLOG,

    /** A raw socket is behind IP. */
    IP,

    /** Other sockets are behind UDP, with its checksums. */
    UDP
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/** What holds the program on its interface. The order is that of C's enum xdp4j_attachment. */
public enum Attachment {
    /** A bpf_link: no other XDP program can be there, and the kernel detaches when this process ends. */
    LINK,
    /**
     * The dispatcher of libxdp, which runs several programs in turn: what this one passes goes on to the next. It
     * stays when this process is killed: {@link XdpProgram#detachFromDispatcher} is for the one that cleans up.
     * Needs a bpffs, CAP_SYS_ADMIN and CAP_PERFMON.
     */
    DISPATCHER
}

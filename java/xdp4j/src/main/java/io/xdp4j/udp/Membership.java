// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.MembershipNative;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.util.Objects;

/**
 * Being a member of a flow's group on an interface: the kernel tells the routers by IGMP or MLD and the network card by
 * its multicast filter. AF_XDP does neither, so its receivers hold one of these for as long as they want the packets.
 *
 * <p>It is an ordinary kernel socket, not bound to the flow's port, so no packet is queued at it. From C, since Java
 * joins only on interfaces that have an address.
 *
 * <p>Threads: any.
 */
public final class Membership implements AutoCloseable {
    private final int fd;
    private boolean closed;

    private Membership(int fd) {
        this.fd = fd;
    }

    /**
     * Joins: source-specifically (RFC 4607) when the flow has a source.
     *
     * @param interfaceName for example {@code eth1}
     * @param flow group, and source if it is to be source-specific
     * @return the membership, which lasts until it is closed
     * @throws KernelException ENODEV (no such interface), ENOBUFS (too many memberships)
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static Membership join(String interfaceName, Flow flow) throws KernelException {
        NativeLibrary.require();
        return new Membership(MembershipNative.open(
                Objects.requireNonNull(interfaceName, "interfaceName"), FlowKey.of(flow)));
    }

    /** Leaves the group, unless somebody else on this host is a member. The second time it does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            MembershipNative.close(fd);
        }
    }
}

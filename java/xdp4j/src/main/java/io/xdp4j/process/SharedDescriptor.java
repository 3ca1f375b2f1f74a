// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import io.xdp4j.jni.ChannelNative;
import java.nio.channels.ClosedChannelException;

/**
 * The descriptor of a socket in which threads block while another closes it. It is shut down at once, which ends what
 * blocks, and closed when the last thread is out: its number cannot be another file's while anybody uses it.
 */
final class SharedDescriptor {
    private final int fd;
    private int users;
    private boolean closed;

    /** @param fd closed by this */
    SharedDescriptor(int fd) {
        this.fd = fd;
    }

    /** The number, good until {@link #exit()}. */
    synchronized int enter() throws ClosedChannelException {
        requireOpen();
        users++;
        return fd;
    }

    synchronized void exit() {
        users--;
        closeUnused();
    }

    synchronized void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    /** The second time does nothing. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            ChannelNative.shutdown(fd);
            closeUnused();
        }
    }

    private void closeUnused() {
        if (closed && users == 0) {
            ChannelNative.close(fd);
        }
    }
}

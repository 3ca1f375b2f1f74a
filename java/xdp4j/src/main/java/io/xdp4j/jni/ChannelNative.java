// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;

/** {@code native/channel.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class ChannelNative {
    private ChannelNative() {}

    /** @return the listener's file descriptor */
    public static native int listen(String name) throws KernelException;

    /** @return the channel's file descriptor */
    public static native int accept(int listener, int expected, int timeoutMs) throws KernelException;

    /** @return the channel's file descriptor */
    public static native int connect(String name) throws KernelException;

    /** @return 0 or -errno */
    public static native int send(int fd, byte[] message, int[] fds);

    /**
     * @param room a direct buffer, all of which can be written into
     * @param fds XDP4J_CHANNEL_FDS elements, of which the first are set to the descriptors that came
     * @param fdCount one element, set to how many came
     * @return the message's length, 0 after the time-out, or -errno
     */
    public static native int receive(int fd, ByteBuffer room, int[] fds, int[] fdCount, int timeoutMs);

    public static native void shutdown(int fd);

    /** For a channel, a listener or a descriptor that was received. */
    public static native void close(int fd);
}

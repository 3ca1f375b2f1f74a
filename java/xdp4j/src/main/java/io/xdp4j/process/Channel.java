// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import io.xdp4j.jni.ChannelNative;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.packet.KernelException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Messages between two processes of one host, in order and whole, and with them file descriptors: a {@code
 * SOCK_SEQPACKET} socket of {@code unix(7)} in the abstract namespace. Nothing of it is in the file system, and nothing
 * is left when the processes have ended. Both are in the same network namespace.
 *
 * <p>One process opens a {@link Listener} and tells the other its name; that one connects.
 *
 * <p>Threads: one may send while another receives; further ones wait for them. Any may close, which ends what the
 * others wait in. Interrupts do nothing.
 */
public final class Channel implements AutoCloseable {
    /** Bytes of the longest message. */
    public static final int MAX_BYTES = 128 * 1024;

    /** Descriptors that one message can carry. */
    public static final int MAX_DESCRIPTORS = 64;

    private static final int EBADF = 9;
    private static final int EMFILE = 24;
    private static final int EPIPE = 32;
    private static final int EMSGSIZE = 90;

    private final SharedDescriptor socket;
    private final Object sending = new Object();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(MAX_BYTES); // guarded by its own monitor

    private Channel(int fd) {
        this.socket = new SharedDescriptor(fd);
    }

    /**
     * What arrived.
     *
     * @param bytes 1 or more
     * @param fds descriptors of this process, close-on-exec, in the order sent; the receiver's, who closes them
     *     ({@link Channel#closeDescriptor(int)}) or passes them to what does
     */
    public record Message(byte[] bytes, int[] fds) {}

    /** Waits for the processes that connect. Threads: one accepts, further ones wait for it; any may close. */
    public static final class Listener implements AutoCloseable {
        private static final int NAME_BYTES = 16;

        private final String name;
        private final SharedDescriptor socket;
        private final Object accepting = new Object();

        private Listener(String name) throws KernelException {
            this.name = name;
            this.socket = new SharedDescriptor(ChannelNative.listen(name));
        }

        /**
         * Listens under a new random name of 128 bits.
         *
         * @return a listener, to be closed by the caller
         * @throws KernelException EMFILE
         * @throws UnsupportedOperationException when the native library is not there
         */
        public static Listener open() throws KernelException {
            NativeLibrary.require();
            byte[] random = new byte[NAME_BYTES];
            new SecureRandom().nextBytes(random);
            return new Listener("xdp4j-" + HexFormat.of().formatHex(random));
        }

        /**
         * {@return what {@link Channel#connect(String)} takes} Nobody can have taken it before, but it is no secret:
         * {@code /proc/net/unix} shows it to all. {@link #accept(long, int)} tells who connected.
         */
        public String name() {
            return name;
        }

        /**
         * Waits for one process. Others that connect are closed, and the wait goes on.
         *
         * @param pid of the process; it must not have been waited for, or its number may be another's by now
         * @param timeoutMs milliseconds; negative: no end
         * @return a channel to that process, to be closed by the caller
         * @throws KernelException ETIMEDOUT
         * @throws ClosedChannelException when closed, before or meanwhile
         */
        public Channel accept(long pid, int timeoutMs) throws IOException {
            int listener = socket.enter();
            try {
                synchronized (accepting) {
                    return new Channel(ChannelNative.accept(listener, Math.toIntExact(pid), timeoutMs));
                }
            } catch (KernelException e) {
                socket.requireOpen();
                throw e;
            } finally {
                socket.exit();
            }
        }

        /** Ends a wait too; the second time does nothing. Channels that were accepted stay. */
        @Override
        public void close() {
            socket.close();
        }
    }

    /**
     * Connects to a listener.
     *
     * @param name its {@link Listener#name()}
     * @return a channel, to be closed by the caller
     * @throws KernelException ECONNREFUSED (nobody listens under that name in this network namespace), EMFILE
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static Channel connect(String name) throws KernelException {
        NativeLibrary.require();
        return new Channel(ChannelNative.connect(Objects.requireNonNull(name, "name")));
    }

    /**
     * Sends a message. Waits while the other process has not received some 128 KiB.
     *
     * @param message 1 to {@value #MAX_BYTES} bytes
     * @param fds at most {@value #MAX_DESCRIPTORS} descriptors, of which the other process gets its own; these stay the
     *     caller's, who can close them when this returns
     * @throws EOFException when the other process has ended or closed
     * @throws KernelException EBADF (a descriptor that is not open), EMSGSIZE (raise net.core.wmem_max)
     * @throws ClosedChannelException when closed, before or meanwhile
     */
    public void send(byte[] message, int... fds) throws IOException {
        if (message.length == 0 || message.length > MAX_BYTES || fds.length > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException("a message of " + message.length + " bytes and " + fds.length
                    + " descriptors: send 1 to " + MAX_BYTES + " bytes and at most " + MAX_DESCRIPTORS);
        }
        int fd = socket.enter();
        try {
            synchronized (sending) {
                result(ChannelNative.send(fd, message, fds), "sending to another process");
            }
        } finally {
            socket.exit();
        }
    }

    /**
     * Receives the next message.
     *
     * @param timeoutMs milliseconds; negative: no end
     * @return empty when none came within the time
     * @throws EOFException when the other process has ended or closed, and all that it had sent was received
     * @throws KernelException EMFILE (more descriptors than this process may have open: raise {@code ulimit -n}); the
     *     message is then gone
     * @throws ClosedChannelException when closed, before or meanwhile
     */
    public Optional<Message> receive(int timeoutMs) throws IOException {
        int[] fds = new int[MAX_DESCRIPTORS];
        int[] fdCount = new int[1];
        int fd = socket.enter();
        try {
            synchronized (incoming) {
                int length = result(
                        ChannelNative.receive(fd, incoming, fds, fdCount, timeoutMs), "receiving of another process");
                if (length == 0) {
                    return Optional.empty();
                }
                byte[] bytes = new byte[length];
                incoming.get(0, bytes);
                return Optional.of(new Message(bytes, Arrays.copyOf(fds, fdCount[0])));
            }
        } finally {
            socket.exit();
        }
    }

    private int result(int result, String what) throws IOException {
        if (result == -EPIPE) {
            socket.requireOpen();
            throw new EOFException(what + ": it has ended or closed its end");
        }
        if (result < 0) {
            throw new KernelException(-result, what + ": " + remedy(-result));
        }
        return result;
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case EBADF -> "a descriptor that is not open was passed (EBADF)";
            case EMFILE -> "more descriptors than this process may have open: raise `ulimit -n` (EMFILE)";
            case EMSGSIZE -> "too long for the socket: raise sysctl net.core.wmem_max (EMSGSIZE)";
            default -> "errno " + errno;
        };
    }

    /**
     * Closes a descriptor that was received. It must not be used in any way afterwards: the number is free again.
     *
     * @param fd one that came by {@link #receive}
     */
    public static void closeDescriptor(int fd) {
        NativeLibrary.require();
        ChannelNative.close(fd);
    }

    /** Ends what threads wait in, and tells the other process; the second time does nothing. */
    @Override
    public void close() {
        socket.close();
    }
}

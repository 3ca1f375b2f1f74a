// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.RedirectErrorsNative;
import io.xdp4j.packet.KernelException;

/**
 * Counts the packets that an XDP program redirected into a socket of another queue or device, or one that is not bound
 * any more. The kernel drops them and no counter of a socket shows them: only its tracepoint {@code
 * xdp:xdp_redirect_err} does, with EINVAL or ENXIO. Redirects refused for other reasons (a ring that is full or empty)
 * are not counted here: {@link XdpStatistics} has them.
 *
 * <p>It counts by perf events on all CPUs that are on when it is opened. It costs nothing while no redirect fails.
 *
 * <p>Threads: any thread may call anything; calls wait for each other.
 */
public final class RedirectErrors implements AutoCloseable {
    private long handle; // 0 when closed

    private RedirectErrors(long handle) {
        this.handle = handle;
    }

    /**
     * Counts from now on.
     *
     * @param program loaded, attached or not
     * @return a counter, to be closed by the caller
     * @throws KernelException EACCES (needs root, or CAP_PERFMON and the right to read tracefs), ENOENT (no tracefs is
     *     mounted); the message says what cannot be told without it, and the remedy
     */
    public static RedirectErrors open(XdpProgram program) throws KernelException {
        return open(program.socketsId());
    }

    static RedirectErrors open(int socketsId) throws KernelException {
        return new RedirectErrors(RedirectErrorsNative.open(socketsId));
    }

    /**
     * {@return packets since it was opened}
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized long count() throws KernelException {
        if (handle == 0) {
            throw new IllegalStateException("the count of refused redirects is closed");
        }
        long count = RedirectErrorsNative.count(handle);
        return count < 0 ? Errors.ioResult((int) count, "xdp:xdp_redirect_err") : count;
    }

    /** Counts no more; the second time does nothing. */
    @Override
    public synchronized void close() {
        if (handle != 0) {
            RedirectErrorsNative.close(handle);
            handle = 0;
        }
    }
}

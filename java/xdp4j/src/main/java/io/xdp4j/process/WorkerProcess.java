// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.ProcessNative;
import io.xdp4j.packet.KernelException;

/** What a process does that works for another. */
public final class WorkerProcess {
    private WorkerProcess() {}

    /**
     * From now on the kernel kills this process (SIGKILL) when its parent ends, however that ends: {@code
     * PR_SET_PDEATHSIG} of {@code prctl(2)}. It stays so when the capabilities are dropped.
     *
     * <p>The kernel goes by threads. The calling thread must live as long as this process, as that of {@code main}
     * does, or else nobody is killed. And the parent is the thread that started this process, by {@link
     * ProcessBuilder#start()}: when that thread ends, this process is killed, though the parent's others live.
     *
     * @param parentPid the process that started this one, as it said itself: asked of the kernel here, it could be
     *     the one that inherits orphans already
     * @throws KernelException ESRCH: that process is not the parent, most likely since it has ended; end this one too
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static void endWithParent(long parentPid) throws KernelException {
        NativeLibrary.require();
        ProcessNative.endWithParent(Math.toIntExact(parentPid));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.ProcessNative;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The privileges of this process: {@code capabilities(7)}. */
public final class Capabilities {
    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String EFFECTIVE = "CapEff:";

    /** By number: {@code linux/capability.h}. */
    private static final String[] NAMES = {
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
        "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
        "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
        "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
        "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
        "CHECKPOINT_RESTORE"
    };

    private Capabilities() {}

    /**
     * Takes every capability from every thread of this process, for good: the effective, permitted, inheritable and
     * ambient sets, and the bounding set where CAP_SETPCAP allows it. Sets {@code no_new_privs}, so that programs
     * started from here gain none either. When it returns, {@code /proc} has shown all this of every thread; threads
     * started later have none. The second time does nothing.
     *
     * <p>What it does not take: descriptors that are open, with what they allow; the user, so that what belongs to root
     * stays open to a process of root; and the capabilities of processes that were started before.
     *
     * <p>Each thread is interrupted for a moment by the signal {@code SIGRTMIN + 9}, and goes on with what it
     * did; what handled that signal before does so again afterwards.
     *
     * @throws KernelException ETIMEDOUT, with the thread that has kept them for five seconds, since it blocks that
     *     signal or cannot run. Others then have none any more: end the process
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static void drop() throws KernelException {
        NativeLibrary.require();
        ProcessNative.dropCapabilities();
    }

    /**
     * What the calling thread may do now.
     *
     * @return names as in {@code linux/capability.h}, by number, for example {@code CAP_NET_ADMIN}; {@code CAP_41} for
     *     one that is younger than this class
     * @throws IOException when {@code /proc} cannot be read
     */
    public static Set<String> effective() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(EFFECTIVE)) {
                return names(Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16));
            }
        }
        throw new IOException(STATUS + " has no line " + EFFECTIVE);
    }

    static Set<String> names(long set) {
        Set<String> names = new LinkedHashSet<>();
        for (int number = 0; number < Long.SIZE; number++) {
            if ((set >>> number & 1) == 1) {
                names.add("CAP_" + (number < NAMES.length ? NAMES[number] : Integer.toString(number)));
            }
        }
        return Collections.unmodifiableSet(names);
    }
}

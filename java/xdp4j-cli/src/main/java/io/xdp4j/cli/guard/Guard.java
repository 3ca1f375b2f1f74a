// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that nothing stays behind when this process is killed: the kernel takes back what a process holds, but not
 * rules in a network card, settings in /sys, or programs in libxdp's dispatcher. A process of its own, {@link
 * GuardMain}, knows these and undoes them when this one has ended. It is there only where there is something to undo.
 *
 * <p>Threads: any; calls wait for each other.
 */
public final class Guard implements AutoCloseable {
    private static final int ENDED_WITHIN_S = 5;

    private final Set<Undo> undos = new LinkedHashSet<>();
    private Process process; // null while there is nothing to undo, like the next three
    private ObjectMapper mapper;
    private Writer toGuard;
    private BufferedReader fromGuard;

    /** Starts the process, so that what is protected next is so at once. */
    public synchronized void getReady() throws IOException {
        tell();
    }

    /** Is to be undone should this process be killed from when this returns. */
    public synchronized void protect(Undo undo) throws IOException {
        undos.add(undo);
        tell();
    }

    /** Has been undone. */
    public synchronized void release(Undo undo) throws IOException {
        if (undos.remove(undo)) {
            tell();
        }
    }

    /** The guard's, while there is one. */
    public synchronized OptionalLong pid() {
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    /** A guard that somebody killed is replaced. */
    private void tell() throws IOException {
        if (process == null || !process.isAlive()) {
            start();
        }
        toGuard.write(mapper.writeValueAsString(undos.toArray()) + "\n");
        toGuard.flush();
        if (fromGuard.readLine() == null) {
            throw new IOException("the process that undoes things should this one be killed has ended itself");
        }
    }

    private void start() throws IOException {
        process = new ProcessBuilder(JavaProgram.detached(GuardMain.class, List.of()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        mapper = new ObjectMapper();
        toGuard = process.outputWriter(StandardCharsets.UTF_8);
        fromGuard = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Ends the guard, which undoes what has not been released. */
    @Override
    public synchronized void close() throws IOException {
        if (process == null) {
            return;
        }
        toGuard.close();
        try {
            if (!process.waitFor(ENDED_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}

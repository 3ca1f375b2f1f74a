// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A lab that nobody has to clean up: its two network namespaces have no names and live as long as two processes of
 * ours, which end when this one does, even by SIGKILL; the kernel then destroys the namespaces and the veth pair.
 *
 * <p>Threads: made and closed by the thread that lives to the end of the process, for the holders end with the thread
 * that started them (PR_SET_PDEATHSIG).
 */
public final class AnonymousLab implements AutoCloseable {
    private static final int UNSHARED_WITHIN_MS = 5_000;

    private final Process txHolder;
    private final Process rxHolder;

    private AnonymousLab(Process txHolder, Process rxHolder) {
        this.txHolder = txHolder;
        this.rxHolder = rxHolder;
    }

    /**
     * @param queues RX and TX queues of either end of the veth pair
     * @throws IOException naming the command that failed
     */
    public static AnonymousLab create(int queues) throws IOException, InterruptedException {
        Process txHolder = startHolder();
        Process rxHolder = startHolder();
        try {
            awaitUnshared(txHolder);
            awaitUnshared(rxHolder);
            AnonymousLab lab = new AnonymousLab(txHolder, rxHolder);
            VethPair.lay(lab.tx(), lab.rx(), queues);
            return lab;
        } catch (IOException | InterruptedException | RuntimeException e) {
            txHolder.destroyForcibly();
            rxHolder.destroyForcibly();
            throw e;
        }
    }

    /** Where {@link VethPair#TX} is. */
    public Namespace tx() {
        return Namespace.ofProcess(txHolder.pid());
    }

    /** Where {@link VethPair#RX} is. */
    public Namespace rx() {
        return Namespace.ofProcess(rxHolder.pid());
    }

    /**
     * In a session of its own, out of reach of the terminal's Ctrl-C. It reads a pipe that nobody writes to and that
     * breaks when this process ends: so it ends too if we died before the signal of our death was arranged for.
     */
    private static Process startHolder() throws IOException {
        return new ProcessBuilder("setsid", "setpriv", "--pdeathsig", "KILL", "unshare", "--net", "cat").start();
    }

    private static void awaitUnshared(Process holder) throws IOException, InterruptedException {
        Path ours = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        Path its = Path.of(Namespace.ofProcess(holder.pid()).path());
        for (int waitedMs = 0; ; waitedMs++) {
            if (!holder.isAlive()) {
                byte[] said = holder.getErrorStream().readAllBytes();
                throw new IOException("cannot make a network namespace: "
                        + new String(said, StandardCharsets.UTF_8).strip());
            }
            if (Files.exists(its) && !Files.readSymbolicLink(its).equals(ours)) {
                return;
            }
            if (waitedMs == UNSHARED_WITHIN_MS) {
                throw new IOException("no network namespace after " + UNSHARED_WITHIN_MS + " ms");
            }
            Thread.sleep(1);
        }
    }

    /** The veth pair is gone when this returns; the kernel destroys the namespaces a moment later. */
    @Override
    public void close() throws IOException {
        try {
            tx().run("ip", "link", "del", VethPair.TX);
        } finally {
            txHolder.destroyForcibly();
            rxHolder.destroyForcibly();
        }
    }
}

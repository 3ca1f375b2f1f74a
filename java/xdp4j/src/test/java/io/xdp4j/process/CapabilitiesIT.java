// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xdp4j.lab.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel says of every thread of a JVM that dropped its capabilities. */
@Tag("integration")
@Timeout(60)
class CapabilitiesIT {
    private static final List<String> SETS = List.of("CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:");

    /** Goes on a step with each line that it reads, and says what it did. */
    public static final class Dropper {
        private static volatile long work;

        public static void main(String[] arguments) throws Exception {
            BufferedReader steps = new BufferedReader(new InputStreamReader(System.in));
            startThreads();
            System.out.println("has " + Capabilities.effective().contains("CAP_NET_RAW"));
            steps.readLine();
            Capabilities.drop();
            System.out.println("has " + Capabilities.effective());
            steps.readLine();
            startThreads();
            System.gc();
            Capabilities.drop();
            System.out.println("more threads");
            steps.readLine();
            System.exit(0); // in the middle of what the threads do
        }

        private static void startThreads() throws IOException {
            Process endless = new ProcessBuilder("sleep", "1000").start();
            Runtime.getRuntime().addShutdownHook(new Thread(endless::destroyForcibly));
            start(LockSupport::park);
            start(() -> {
                while (true) {
                    work++;
                }
            });
            start(() -> {
                try {
                    endless.getInputStream().read();
                } catch (IOException e) {
                    System.out.println("a read was cut short: " + e);
                }
            });
            start(() -> {
                while (true) {
                    startNothing();
                }
            });
        }

        private static void startNothing() {
            Thread nothing = new Thread(() -> {});
            nothing.start();
            while (nothing.isAlive()) {
                Thread.onSpinWait();
            }
        }

        private static void start(Runnable body) {
            Thread thread = new Thread(body);
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Test
    void areGoneFromEveryThread() throws Exception {
        assumeTrue(Capabilities.effective().contains("CAP_SETPCAP"), "needs root, to have capabilities to drop");
        Process dropper = ChildJvm.start(Dropper.class);
        try {
            BufferedReader said = dropper.inputReader();
            assertEquals("has true", said.readLine());
            assertFalse(status(dropper).stream().allMatch(CapabilitiesIT::hasNone));

            step(dropper);
            assertEquals("has []", said.readLine());
            assertNoThreadHasAny(dropper);

            step(dropper);
            assertEquals("more threads", said.readLine());
            assertNoThreadHasAny(dropper);

            step(dropper);
            assertEquals(null, said.readLine());
            assertEquals(0, dropper.waitFor());
        } finally {
            dropper.destroyForcibly();
        }
    }

    private static void step(Process process) throws IOException {
        process.outputWriter().write("\n");
        process.outputWriter().flush();
    }

    private static void assertNoThreadHasAny(Process process) throws IOException {
        List<String> threads = status(process);
        assertTrue(threads.size() > 10, threads.size() + " threads are no JVM");
        threads.forEach(thread -> assertTrue(hasNone(thread), thread));
    }

    private static boolean hasNone(String status) {
        return SETS.stream().allMatch(set -> status.contains("\n" + set + "\t0000000000000000\n"))
                && status.contains("\nNoNewPrivs:\t1\n");
    }

    /** Of each thread, but those that end meanwhile. */
    private static List<String> status(Process process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.map(thread -> read(thread.resolve("status")))
                    .filter(status -> !status.isEmpty())
                    .toList();
        }
    }

    private static String read(Path status) {
        try {
            return Files.readString(status);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No such process"), e.toString());
            return "";
        }
    }
}

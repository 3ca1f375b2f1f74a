// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a receiver's thread is, by what /proc says of it while it calls the handler. Needs root. */
@Tag("integration")
@Timeout(60)
class ThreadPlacementIT {
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final int EINVAL = 22;

    private static ThreadPlacement on(int cpu) {
        return new ThreadPlacement(OptionalInt.of(cpu), OptionalInt.empty());
    }

    private static ThreadPlacement before(int priority) {
        return new ThreadPlacement(OptionalInt.empty(), OptionalInt.of(priority));
    }

    private static String allowedCpus() throws IOException {
        return Files.readAllLines(SELF.resolve("status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Fields 40 and 41 of stat, "rt_priority policy" (proc(5)), counted from behind the name, which is the second. */
    private static String priorityAndPolicy() throws IOException {
        String stat = Files.readString(SELF.resolve("stat"));
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fromThird[40 - 3] + " " + fromThird[41 - 3];
    }

    private interface Question {
        String ask() throws IOException;
    }

    /** What a receiver's thread finds when its handler is called. */
    private static String ofReceiver(ThreadPlacement placement, Question question) throws Exception {
        AtomicReference<String> answer = new AtomicReference<>();
        Receiver receiver = Receiver.start(
                "placed",
                IdleStrategy.sleep(1_000),
                placement,
                batch -> {
                    try {
                        answer.set(question.ask());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                List.of(new Stock(1)));
        receiver.close();
        assertTrue(receiver.failure().isEmpty());
        return answer.get();
    }

    @Test
    void aPinnedThreadStaysOnItsCpu() throws Exception {
        String before = allowedCpus();
        assertEquals("0", ofReceiver(on(0), ThreadPlacementIT::allowedCpus));
        assertEquals(before, allowedCpus(), "of the thread that started it");
        assertEquals(before, ofReceiver(ThreadPlacement.NONE, ThreadPlacementIT::allowedCpus));
    }

    @Test
    void aThreadWithAPriorityIsRealtime() throws Exception {
        assertEquals("7 1", ofReceiver(before(7), ThreadPlacementIT::priorityAndPolicy)); // 1: SCHED_FIFO
        assertEquals("0 0", ofReceiver(ThreadPlacement.NONE, ThreadPlacementIT::priorityAndPolicy));
        assertEquals("0 0", priorityAndPolicy(), "of the thread that started it");
    }

    @Test
    void aRefusalReachesTheCallerAndNothingIsReceived() {
        AtomicInteger batches = new AtomicInteger();
        KernelException e = assertThrows(
                KernelException.class,
                () -> Receiver.start(
                        "nowhere",
                        IdleStrategy.spin(),
                        on(8_191),
                        batch -> batches.incrementAndGet(),
                        List.of(new Stock(1))));
        assertEquals(EINVAL, e.errno());
        assertTrue(e.getMessage().startsWith("CPU 8191 is not there, or not for this process: use one of 0"),
                e.getMessage());
        assertEquals(0, batches.get());
    }

    /** Starts a receiver before all others, and prints the refusal. */
    public static final class Refused {
        public static void main(String[] arguments) {
            try (Receiver receiver = Receiver.start(
                    "first", IdleStrategy.spin(), before(7), batch -> {}, List.of(new Stock(1)))) {
                System.out.println(receiver.thread().getName() + " was not refused");
            } catch (KernelException e) {
                System.out.println(e.errno() + " " + e.getMessage());
            }
        }
    }

    @Test
    void aMissingCapabilityIsNamed() throws Exception {
        String refusal = ChildJvm.run(
                List.of("prlimit", "--rtprio=0:0", "setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice"),
                Refused.class);
        assertEquals(
                "1 SCHED_FIFO priority 7: permission denied; grant CAP_SYS_NICE, or `ulimit -r 7`", refusal);
    }

    @Test
    void whatNoKernelHasIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> on(-1));
        assertThrows(IllegalArgumentException.class, () -> before(0));
        assertThrows(IllegalArgumentException.class, () -> before(100));
    }
}

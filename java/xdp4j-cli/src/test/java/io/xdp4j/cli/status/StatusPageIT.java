// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.process.SharedMemory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a process says of itself is found while it lives; needs the native library. */
@Tag("integration")
class StatusPageIT {
    private static final long SELF = ProcessHandle.current().pid();

    private static RunStatus run(long delivered, int flows) {
        return new RunStatus(
                SELF,
                "2026-01-01T00:00:00Z",
                "xdp",
                "eth1",
                new RunStatus.XdpStatus(
                        "native",
                        "link",
                        4_711,
                        "processes",
                        List.of(new RunStatus.QueueStatus(0, 1, 12L, 3), new RunStatus.QueueStatus(1, 1, null, 0)),
                        13L,
                        null,
                        List.of(new RunStatus.RuleStatus("239.1.2.3:5004", 1, 1_021))),
                IntStream.range(0, flows)
                        .mapToObj(i -> new RunStatus.FlowStatus(
                                "[ff3e:1111:2222:3333:4444:5555:6666:7777]:" + (1_024 + i) + "@fd99::" + i,
                                delivered, 0, 0))
                        .toList());
    }

    private static Optional<RunStatus> mine() throws IOException {
        return StatusPage.readAll().stream().filter(run -> run.pid() == SELF).findFirst();
    }

    @Test
    void theLatestIsFoundAndNothingBehindItsEnd() throws Exception {
        try (StatusPage page = StatusPage.open()) {
            assertEquals(Optional.empty(), mine());
            page.write(run(1, 2));
            assertEquals(Optional.of(run(1, 2)), mine());
            page.write(run(2_000_000, 1)); // shorter
            assertEquals(Optional.of(run(2_000_000, 1)), mine());
        }
        assertEquals(Optional.empty(), mine());
    }

    /** As many as an XDP program takes. */
    @Test
    void allFlowsFit() throws Exception {
        try (StatusPage page = StatusPage.open()) {
            page.write(run(1, 1));
            page.write(run(1_000_000_000_000L, 16_384));
            assertEquals(16_384, mine().orElseThrow().flows().size());
        }
    }

    /** Any process can give any memory this name; one that has just made its own has not sized it yet. */
    @Test
    void otherMemoryOfThatNameIsPassedOver() throws Exception {
        for (int bytes : new int[] {1, 4, 7, 8, 64}) {
            try (SharedMemory other = SharedMemory.create("xdp4j-status", bytes)) {
                if (bytes >= 8) {
                    other.buffer().putInt(0, 2).putInt(4, 50);
                } else {
                    other.buffer().put(0, (byte) 2);
                }
                assertTrue(mine().isEmpty(), bytes + " bytes");
            }
        }
    }

    /** It is written and read at the same time. */
    @Test
    void isNeverHalfOfOneAndHalfOfAnother() throws Exception {
        try (StatusPage page = StatusPage.open()) {
            page.write(run(0, 20));
            Thread writer = new Thread(() -> {
                try {
                    for (long i = 1; !Thread.interrupted(); i++) {
                        page.write(run(i, 20));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            try {
                for (int i = 0; i < 20; i++) {
                    for (RunStatus run : mine().stream().toList()) { // missing when the writer was faster, every time
                        assertEquals(1, run.flows().stream().map(RunStatus.FlowStatus::delivered).distinct().count());
                    }
                }
            } finally {
                writer.interrupt();
                writer.join();
            }
        }
    }
}

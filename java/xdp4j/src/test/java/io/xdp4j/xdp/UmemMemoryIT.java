// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the C test umem_area_test has in detail reaches Java. */
@Tag("integration")
@Timeout(60)
class UmemMemoryIT {
    private static final int EINVAL = 22;
    private static final Path POOL = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
    private static final int FRAMES = 2048; // two huge pages

    private static long read(String name) throws Exception {
        return Long.parseUnsignedLong(Files.readString(POOL.resolve(name)).strip());
    }

    @Test
    void itIsOnHugePagesOrSaysWhyNot() throws Exception {
        long before = read("nr_hugepages");
        long free = read("free_hugepages");
        assumeTrue(free == 0, free + " huge pages are free already: the next UMEM would get them");
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES)) {
            assertEquals(
                    Optional.of("2 huge pages of 2 MiB are needed and 0 are free: `echo " + (before + 2) + " > " + POOL
                            + "/nr_hugepages`"),
                    umem.hugePageRefusal());
            assertFalse(umem.hugePages());
        }
        assumeTrue(Files.isWritable(POOL.resolve("nr_hugepages")), POOL + " cannot be written here");
        try {
            Files.writeString(POOL.resolve("nr_hugepages"), Long.toString(before + 2));
            assumeTrue(read("free_hugepages") >= 2, "huge pages cannot be set aside here");
            try (Umem umem = Umem.open(2048, FRAMES, FRAMES)) {
                assertEquals(Optional.empty(), umem.hugePageRefusal());
                assertTrue(umem.hugePages());
            }
        } finally {
            Files.writeString(POOL.resolve("nr_hugepages"), Long.toString(before));
        }
    }

    @Test
    void itIsOnTheNodeOrTheNodeIsNamed() throws Exception {
        assumeTrue(Files.exists(Path.of("/sys/devices/system/node/node0")), "a kernel without NUMA");
        UmemOptions options = UmemOptions.DEFAULT.fillRing(FRAMES);
        Umem.open(options.numaNode(0)).close();
        KernelException e = assertThrows(KernelException.class, () -> Umem.open(options.numaNode(1023)));
        assertEquals(EINVAL, e.errno());
        assertTrue(e.getMessage().startsWith("NUMA node 1023 has no memory for this process: "), e.getMessage());
    }

    @Test
    void aVethIsOnNoNode() throws Exception {
        try (VethPair veth = VethPair.create(1)) {
            assertEquals(-1, NetDevice.find(VethPair.RX).numaNode());
        }
    }
}

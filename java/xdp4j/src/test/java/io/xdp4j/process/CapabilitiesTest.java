// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    /** Numbers as in linux/capability.h. */
    @Test
    void haveTheKernelsNames() {
        assertEquals(Set.of(), Capabilities.names(0));
        assertEquals(
                List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_SETPCAP"),
                List.copyOf(Capabilities.names(1 << 0 | 1 << 1 | 1 << 8)));
        assertEquals(
                List.of("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_SYS_ADMIN"),
                List.copyOf(Capabilities.names(1 << 12 | 1 << 13 | 1 << 14 | 1 << 21)));
        assertEquals(
                List.of("CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"),
                List.copyOf(Capabilities.names(1L << 23 | 1L << 24 | 1L << 38 | 1L << 39 | 1L << 40)));
        assertEquals(List.of("CAP_41", "CAP_63"), List.copyOf(Capabilities.names(1L << 41 | 1L << 63)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.record.RecordSettings;
import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.record.Tshark;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there when a reception could not be opened. */
class ReceptionTest {
    @TempDir
    private Path folder;

    @Test
    void closedWhenThereIsNoMemory() {
        List<String> called = new ArrayList<>();
        Reception reception = (Reception) Proxy.newProxyInstance(
                Reception.class.getClassLoader(), new Class<?>[] {Reception.class}, (proxy, method, arguments) -> {
                    called.add(method.getName());
                    if (method.getName().equals("open")) {
                        throw new OutOfMemoryError("of this test");
                    }
                    throw new IOException("closing fails too");
                });
        OutOfMemoryError thrown = assertThrows(OutOfMemoryError.class, () -> Reception.opened(reception));
        assertEquals(List.of("open", "close"), called);
        assertEquals("closing fails too", thrown.getSuppressed()[0].getMessage());
    }

    /** A packet that comes while memory for another receiver is made would be in no ledger. */
    @Test
    void ringsAreThereBeforeTheFirstSocket() throws Exception {
        Path file = folder.resolve("a.pcapng");
        List<FlowLedger> flows = List.of(
                new FlowLedger(Flow.parse("239.1.2.3:5004"), 0, 0, 0, Map.of(), 0),
                new FlowLedger(Flow.parse("239.1.2.4:5004"), 0, 0, 0, Map.of(), 0));
        LedgerSnapshot ledger = new LedgerSnapshot(flows, List.of(), List.of(), List.of());
        ReceiveSettings settings = ReceiveReports.settings(Backend.NIO, 64, ledger); // there is no such interface
        RecordSettings wanted = new RecordSettings(file, 1 << 20, OptionalInt.empty());
        try (Recording recording = Recording.open(wanted, settings.interfaceName(), settings.receivers())) {
            assertThrows(IOException.class, () -> Reception.start(settings, Optional.of(recording)).close());
            recording.receiving(settings, "");
            recording.finish(ledger);
        }
        String blocks = String.join("\n", Tshark.blocks(file));
        assertTrue(blocks.contains("239.1.2.3:5004 by "), blocks);
        assertTrue(blocks.contains("239.1.2.4:5004 by "), blocks);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class AdviceReportTest {
    @Command
    private static final class AnyCommand {
        @Mixin
        private ReceiveOptions options;
    }

    @Test
    void settingsAreWordsOfTheCommandLine() {
        assertEquals(
                List.of("--fill-ring", "32768", "--rx-ring", "16384", "--frame-size", "4096", "--queue", "3",
                        "--mode", "generic", "--idle", "spin"),
                AdviceReport.options(new Advice.Settings(32_768, 16_384, 4_096, List.of(3), null, true, true)));
        assertEquals(
                List.of("--receive-buffer", "134217728"),
                AdviceReport.options(new Advice.Settings(null, null, null, null, 134_217_728, false, false)));
        assertEquals(List.of(), AdviceReport.options(Advice.Settings.NONE));
    }

    @Test
    void whatWasAskedForIsNoAdvice() {
        LedgerSnapshot nothing = new LedgerSnapshot(List.of(), List.of(), List.of(), List.of());
        ReceiveSettings asked = ReceiveReports.settings(Backend.NIO, 64, nothing); // a buffer of 67,108,864 bytes
        Advice granted = advice(new Advice.Settings(null, null, null, null, 67_108_864, false, false));
        Advice more = advice(new Advice.Settings(64, 128, null, List.of(0), 134_217_728, false, true));

        assertEquals(List.of(), AdviceReport.of(granted, asked).options());
        assertEquals("sysctl -w net.core.rmem_max=67108864", AdviceReport.of(granted, asked).change());
        assertEquals(
                List.of("--rx-ring", "128", "--receive-buffer", "134217728", "--idle", "spin"),
                AdviceReport.of(more, asked).options());
    }

    private static Advice advice(Advice.Settings settings) {
        return new Advice(
                Flow.parse("239.1.2.3:5004"),
                Cause.SOCKET_BUFFER,
                1,
                "It was full.",
                "sysctl -w net.core.rmem_max=67108864",
                settings);
    }

    @Test
    void theCommandLineTakesThem() {
        List<String> words = new ArrayList<>(List.of("--interface", "eth1", "--flow", "239.1.2.3:5004"));
        words.addAll(AdviceReport.options(new Advice.Settings(64, 64, 4_096, List.of(1), 65_536, true, true)));
        CommandLine line = new CommandLine(new AnyCommand());

        assertEquals(9, line.parseArgs(words.toArray(String[]::new)).matchedOptions().size());
    }
}

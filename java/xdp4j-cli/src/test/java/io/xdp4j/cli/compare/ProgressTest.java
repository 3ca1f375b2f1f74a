// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.ledger.Cause;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Plan plan = Plan.of(Backend.QUESTION, 390_000);
    private final Cell cell = Cells.xdp(Backend.QUESTION, 390_000, 2_339_996, Map.of(Cause.FILL_RING_EMPTY, 47_181L));

    @Test
    void elsewhereAFinishedCellIsALine() {
        run(false);

        assertEquals(
                "cell 1 of 15: question at 390,000 pps: sent 2,339,996, lost 47,181" + System.lineSeparator(), text());
    }

    @Test
    void onATerminalOneLineChangesAndIsEmptyAtTheEnd() {
        run(true);

        assertTrue(text().contains("\r\033[Kcell 1 of 15: question at 390,000 pps: sending, 3 s to go"), text());
        assertTrue(text().endsWith("\r\033[K"));
        assertEquals(-1, text().indexOf('\n'));
    }

    private void run(boolean terminal) {
        Progress progress = new Progress(new PrintStream(written, true, StandardCharsets.UTF_8), terminal, 15);
        progress.start(plan);
        progress.sending(plan, 3);
        progress.finished(plan, cell);
        progress.end();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

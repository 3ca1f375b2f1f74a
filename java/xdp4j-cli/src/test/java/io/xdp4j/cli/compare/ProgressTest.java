// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void elsewhereWhatHasEndedIsALine() {
        run(false);

        assertEquals("cell 1 of 15: lost 47,181" + System.lineSeparator(), text());
    }

    @Test
    void onATerminalOneLineChangesAndIsEmptyAtTheEnd() {
        run(true);

        assertTrue(text().contains("\r\033[Kcell 1 of 15: sending, 3 s to go"), text());
        assertTrue(text().endsWith("\r\033[K"));
        assertEquals(-1, text().indexOf('\n'));
    }

    private void run(boolean terminal) {
        Progress progress = new Progress(new PrintStream(written, true, StandardCharsets.UTF_8), terminal);
        progress.start("cell 1 of 15");
        progress.sending(3);
        progress.finished("lost 47,181");
        progress.end();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

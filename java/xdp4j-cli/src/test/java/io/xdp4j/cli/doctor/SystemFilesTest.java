// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFilesTest {
    @TempDir
    private Path root;

    /** A second read of such a file finds nothing, so that a first one of one byte would cut it. */
    @Test
    void readsWholeSettingsOfTheRealKernel() throws Exception {
        String file = "/proc/sys/kernel/pid_max";
        Process cat = new ProcessBuilder("cat", file).start();
        String expected = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertTrue(expected.length() > 1, expected);
        assertEquals(expected, new SystemFiles(Path.of("/")).read(file));
    }

    @Test
    void readsNumbersAsTheKernelPrintsThem() throws IOException {
        HandMadeHost host = new HandMadeHost(root)
                .with("/proc/a", "4711\n")
                .with("/proc/b", "-1\n")
                .with("/proc/c", "18446744073709551614\n"); // -2 in 64 bits without a sign
        SystemFiles files = host.host().files();
        assertEquals(4711, files.number("/proc/a"));
        assertEquals(-1, files.number("/proc/b"));
        assertEquals(-2, files.number("/proc/c"));
        assertEquals(5, files.number("/proc/d", 5));
        assertThrows(NoSuchFileException.class, () -> files.number("/proc/d"));
    }

    @Test
    void listsNamesAndNothingWhereThereIsNoFolder() throws IOException {
        SystemFiles files = new HandMadeHost(root).with("/sys/b", "").with("/sys/a", "").host().files();
        assertEquals(List.of("a", "b"), files.list("/sys"));
        assertEquals(List.of(), files.list("/proc"));
    }

    @Test
    void saysWhy() {
        assertEquals("/x may not be read by this user", SystemFiles.why(new AccessDeniedException("/x")));
        assertEquals("there is no /x", SystemFiles.why(new NoSuchFileException("/x")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("flows");
    }

    private List<String> read(String text) throws IOException {
        Files.writeString(file, text);
        return new FlowFile(file).read().stream().map(Flow::toString).toList();
    }

    private String refusal() {
        String refusal = assertThrows(BadInput.class, () -> new FlowFile(file).read()).getMessage();
        assertTrue(refusal.contains(file.toString()), refusal);
        return refusal.replace(file.toString(), "FILE");
    }

    @Test
    void aFlowOnEachLineInTheirOrder() throws IOException {
        assertEquals(
                List.of("239.1.2.9:5004", "232.1.2.3:5004@192.0.2.7", "239.1.2.3:5004"),
                read("239.1.2.9:5004\n232.1.2.3:5004@192.0.2.7\n239.1.2.3:5004"));
    }

    @Test
    void commentsSpacesAndEmptyLinesDoNotCount() throws IOException {
        assertEquals(
                List.of("239.1.2.3:5004", "239.1.2.4:5004"),
                read("# all of them\n\n \t 239.1.2.3:5004  # the first\n#239.1.2.5:5004\n239.1.2.4:5004#\n  \n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3:5004\r\n239.1.2.4:5004\r\n", "\uFEFF239.1.2.3:5004\n239.1.2.4:5004\n"})
    void editorsOfOtherSystemsAreUnderstood(String text) throws IOException {
        assertEquals(List.of("239.1.2.3:5004", "239.1.2.4:5004"), read(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:5004, FILE line 3: flow '10.0.0.1:5004': 10.0.0.1 is not a multicast group",
        "239.1.2.4, FILE line 3: flow '239.1.2.4'",
        "239.1.2.4:0, FILE line 3: flow '239.1.2.4:0'",
        "239.1.2.3:5004, FILE line 3: flow 239.1.2.3:5004 is in line 1 already: name each flow once",
    })
    void aBadLineIsNamed(String line, String start) throws IOException {
        Files.writeString(file, "239.1.2.3:5004\n# next\n" + line + "\n239.1.2.9:5004\n");
        String refusal = refusal();
        assertTrue(refusal.startsWith(start), refusal);
    }

    /** However they are written: an IPv6 address has many ways. */
    @Test
    void theSameFlowIsTheSame() throws IOException {
        Files.writeString(file, "[ff3e::1]:5004\n[FF3E:0:0:0:0:0:0:1]:5004\n");
        assertTrue(refusal().contains("is in line 1 already"), refusal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# 239.1.2.3:5004\n"})
    void noFlowIsRefused(String text) throws IOException {
        Files.writeString(file, text);
        assertEquals("FILE names no flow: write one on each line, for example 239.1.2.3:5004", refusal());
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        assertEquals("--flows FILE: there is no such file", refusal());
        Files.write(file, new byte[] {'2', '3', (byte) 0xff, '\n'});
        assertEquals("--flows FILE is not text in UTF-8: write a flow on each line", refusal());
        Files.write(file, "#\n".repeat((4 << 20) / 2 + 1).getBytes(StandardCharsets.US_ASCII));
        assertEquals("--flows FILE is too large to be a list of flows", refusal());
        Files.delete(file);
        Files.createDirectory(file);
        assertEquals("--flows FILE is no regular file: name a list of flows", refusal());
    }

    @Test
    void itIsReadAnew() throws IOException {
        assertEquals(List.of("239.1.2.3:5004"), read("239.1.2.3:5004\n"));
        assertEquals(List.of("239.1.2.4:5004"), read("239.1.2.4:5004\n"));
    }
}

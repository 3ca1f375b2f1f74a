// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailureTest {
    private final StringWriter written = new StringWriter();

    @Test
    void whatTheUserCanMendIsOneLineAndTwo() {
        assertEquals(2, exitCodeOf(new BadInput("ring 3: use 4")));
        assertEquals(2, exitCodeOf(new KernelException(16, "bind rx0 queue 0: taken; stop the other program (EBUSY)")));
        assertEquals(2, exitCodeOf(new UnsupportedOperationException("install it: apt-get install libxdp1")));

        assertEquals(
                "xdp4j: ring 3: use 4\n"
                        + "xdp4j: bind rx0 queue 0: taken; stop the other program (EBUSY)\n"
                        + "xdp4j: install it: apt-get install libxdp1\n",
                written.toString());
    }

    @Test
    void aFailureWhileRunningIsOneLineAndOne() {
        assertEquals(1, exitCodeOf(new IOException("cannot write x: no space")));
        assertEquals(1, exitCodeOf(new UncheckedIOException(new KernelException(100, "rx0 is down (ENETDOWN)"))));

        assertEquals("xdp4j: cannot write x: no space\nxdp4j: rx0 is down (ENETDOWN)\n", written.toString());
    }

    @Test
    void aDefectHasATrace() {
        assertEquals(1, exitCodeOf(new IllegalStateException("frame")));
        assertEquals(1, exitCodeOf(new UnsupportedOperationException()));

        String text = written.toString();
        assertTrue(text.contains("\tat " + FailureTest.class.getName()), text);
        assertTrue(text.contains("xdp4j: this is a defect of xdp4j: java.lang.IllegalStateException: frame"), text);
    }

    @Test
    void severalLinesBecomeOne() {
        exitCodeOf(new BadInput("first\n  second\n"));

        assertEquals("xdp4j: first; second\n", written.toString());
    }

    private int exitCodeOf(Exception failure) {
        CommandLine line = Main.commandLine().setErr(new PrintWriter(written));
        return Failure.ofCommand(failure, line, null);
    }
}

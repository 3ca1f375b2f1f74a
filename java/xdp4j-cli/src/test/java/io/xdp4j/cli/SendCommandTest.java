// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is wrong is said before anything is opened. */
class SendCommandTest {
    private static final String USUAL = "--interface eth1 --flow 239.1.2.3:5004 ";

    private final StringWriter error = new StringWriter();

    private int execute(String arguments) {
        return new CommandLine(new SendCommand())
                .setErr(new PrintWriter(error, true))
                .setExecutionExceptionHandler(Failure::ofCommand)
                .setParameterExceptionHandler(Failure::ofParameters)
                .execute(arguments.strip().split(" +"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--rate 0 --count 1; --rate 0",
                "--rate 1000000001 --count 1; --rate 1000000001",
                "--rate fast --count 1; 'fast'",
                "--rate 10 --count 0; use 1 or 2",
                "--rate 10 --seconds 0; --seconds 0",
                "--rate 10 --seconds -3; --seconds -3",
                "--rate 10; --seconds",
                "--count 10; --rate",
                "--rate 10 --count 1 --seconds 1; mutually exclusive",
                "--rate 10 --count 1 --lose 5-1; 5-1",
                "--rate 10 --count 1 --duplicate x; 'x'",
                "--rate 10 --count 1 --swap 1,2,; ''",
                "--rate 10 --count 1 --lose 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17; 17 ranges",
                "--rate 10 --count 1 --first-sequence 65536; 65536",
                "--rate 10 --count 1 --first-sequence -1; -1",
                "--rate 10 --count 1 --json /no/such/folder/file; /no/such/folder",
                "--rate 10 --count 1 --flow 10.0.0.1:5004; 10.0.0.1",
                "--rate 10 --count 1 --flow 239.1.2.3; 239.1.2.3",
                "--rate 10 --count 1 --flow 239.1.2.3:0; port",
                "--rate 10 --count 2 --flow 239.1.2.3:5004; given twice",
                "--rate 10 --count 7 --flow 239.1.2.4:5004; use 6 or 8",
                "--rate 10 --count 1 --flow 239.1.2.4:5004; use 2 or 4",
            })
    void badInputIsOneLineThatNamesIt(String arguments, String named) {
        assertEquals(2, execute(USUAL + arguments));
        String message = error.toString().strip();
        assertTrue(message.contains(named), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void asksForAnInterfaceAndAFlow() {
        assertEquals(2, execute("--rate 10 --count 1"));
        assertTrue(error.toString().contains("--interface"), error.toString());
        assertTrue(error.toString().contains("--flow"), error.toString());
    }
}

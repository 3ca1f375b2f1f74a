// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests with a {@code main}, in a JVM of its own: with this one's library and native library. */
public final class ChildJvm {
    private ChildJvm() {}

    /** Its standard error is this JVM's. To be ended by the caller. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        return new ProcessBuilder(command(List.of(), main, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /**
     * Runs it to its end: with fewer rights, or elsewhere.
     *
     * @param prefix the command that is to start the JVM, for example setpriv with its options
     * @return what it wrote, with what the prefix and the JVM wrote as errors
     */
    public static String run(List<String> prefix, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(prefix, main, arguments))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    private static List<String> command(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        command.addAll(List.of("-cp", location(KernelException.class) + ":" + location(main), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String location(Class<?> type) throws IOException {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}

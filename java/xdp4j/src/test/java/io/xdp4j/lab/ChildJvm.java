// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.KernelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests with a {@code main}, in a JVM of its own: with fewer rights, or elsewhere. */
public final class ChildJvm {
    private ChildJvm() {}

    /**
     * Runs it to its end.
     *
     * @param prefix the command that is to start the JVM, for example setpriv with its options
     * @return what it wrote, with what the prefix and the JVM wrote as errors
     */
    public static String run(List<String> prefix, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        command.add("-cp");
        command.add(location(KernelException.class) + ":" + location(main));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}

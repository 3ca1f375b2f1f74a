// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.xdp.Xdp;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the library is found, each time in a JVM of its own: a JVM looks once. */
class NativeLibraryTest {
    private static final String LIBRARY = "libxdp4j.so";

    /** Prints whether AF_XDP is available, and why not. */
    public static final class Probe {
        public static void main(String[] arguments) {
            System.out.println(Xdp.isAvailable());
            Xdp.unavailabilityCause().ifPresent(cause -> System.out.println(cause.getMessage()));
        }
    }

    @TempDir
    private Path folder;

    private static List<String> probe(String classPath, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-cp", classPath, Probe.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the JVM's own warnings
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    /** The library's classes and this test's, with what holds the native library or without it. */
    private static String classPath(boolean withLibrary) throws Exception {
        List<String> entries = new ArrayList<>(List.of(location(Xdp.class), location(Probe.class)));
        if (withLibrary) {
            // As modules or not: where Maven put the dependency differs with the goal.
            Stream.of("java.class.path", "jdk.module.path")
                    .flatMap(property -> Arrays.stream(
                            System.getProperty(property, "").split(File.pathSeparator)))
                    .filter(entry -> entry.contains("xdp4j-native") || entry.contains("native" + File.separator))
                    .forEach(entries::add);
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    @Test
    void isFoundOnTheClassPath() throws Exception {
        assertEquals(List.of("true"), probe(classPath(true)));
    }

    @Test
    void saysWhatIsMissingOnTheClassPath() throws Exception {
        List<String> lines = probe(classPath(false));
        assertEquals("false", lines.get(0));
        assertTrue(lines.get(1).contains("add the artifact io.xdp4j:xdp4j-native"), lines.get(1));
    }

    @Test
    void isLookedForInAGivenFolderAndNowhereElse() throws Exception {
        List<String> lines = probe(classPath(true), "-Djava.library.path=" + folder);
        assertEquals("false", lines.get(0));
        assertTrue(lines.get(1).contains(LIBRARY + " is not in java.library.path " + folder), lines.get(1));
    }

    @Test
    void isNotReplacedWhenTheGivenOneIsBroken() throws Exception {
        Files.writeString(folder.resolve(LIBRARY), "not a library");
        List<String> lines = probe(classPath(true), "-Djava.library.path=" + folder);
        assertEquals("false", lines.get(0));
    }

    @Test
    void leavesNothingInTheTemporaryFolder() throws Exception {
        probe(classPath(true), "-Djava.io.tmpdir=" + folder);
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(f -> f.getFileName().toString().startsWith("xdp4j")).toList());
        }
    }

    @Test
    void isNotForAnotherSystem() throws Exception {
        List<String> lines = probe(classPath(true), "-Dos.name=Plan 9");
        assertEquals("false", lines.get(0));
        assertTrue(lines.get(1).contains("Plan 9"), lines.get(1));
    }
}

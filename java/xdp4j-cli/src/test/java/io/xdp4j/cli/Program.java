// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The command line in a process of its own, for integration tests: it and all that it starts carry a mark in their
 * environment, by which they are found even when they have lost their parent.
 */
public final class Program implements AutoCloseable {
    private static final String MARK = "XDP4J_TEST_MARK";
    private static final int ENDS_WITHIN_SECONDS = 120;
    private static final int LOOK_EVERY_MS = 20;

    private final String mark = UUID.randomUUID().toString();
    private final Path out = Files.createTempFile("xdp4j", ".out");
    private final Path err = Files.createTempFile("xdp4j", ".err");
    private final Process process;

    private Program(List<String> prefix, Map<String, String> environment, List<String> java, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(command(java, arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put(MARK, mark);
        process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** For a test that starts it in its own way. */
    public static List<String> command(String... arguments) {
        return command(java(libraryPath()), List.of(arguments));
    }

    private static List<String> command(List<String> java, List<String> arguments) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    public static Program start(String... arguments) throws IOException {
        // A shell that runs tests in the background makes them ignore SIGINT.
        return new Program(
                List.of("env", "--default-signal=INT"), Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** @param prefix the command that starts it, with its arguments, for example setpriv */
    public static Program startUnder(List<String> prefix, String... arguments) throws IOException {
        return new Program(prefix, Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** In another network namespace. */
    public static Program startIn(String namespace, String... arguments) throws IOException {
        return new Program(
                List.of("ip", "netns", "exec", namespace), Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** With another PATH or the like. */
    public static Program startWith(Map<String, String> environment, String... arguments) throws IOException {
        return new Program(List.of(), environment, java(libraryPath()), List.of(arguments));
    }

    public static Program startWithLibraryPath(Path path, String... arguments) throws IOException {
        return new Program(List.of(), Map.of(), java(path.toString()), List.of(arguments));
    }

    /** @param options of the JVM */
    public static Program startWithOptions(List<String> options, String... arguments) throws IOException {
        List<String> java = new ArrayList<>(java(libraryPath()));
        java.addAll(options);
        return new Program(List.of(), Map.of(), java, List.of(arguments));
    }

    /** With the C receiver taken from there. */
    public static Program startWithPeer(Path peer, String... arguments) throws IOException {
        return startWithOptions(List.of("-Dxdp4j.peer=" + peer), arguments);
    }

    /** Where it sees no process but its own. */
    public static Program startAlone(String... arguments) throws IOException {
        return new Program(
                List.of("unshare", "--pid", "--fork", "--mount-proc"),
                Map.of(),
                java(libraryPath()),
                List.of(arguments));
    }

    /** As a user that may read every file and nothing else. */
    public static Program startAsNobody(String... arguments) throws IOException {
        List<String> nobody = List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override");
        return new Program(nobody, Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** As a user that has, besides reading every file, the four capabilities that README.md asks for, and no others. */
    public static Program startWithCapabilities(String... arguments) throws IOException {
        String capabilities = "-all,+dac_read_search,+net_raw,+net_admin,+bpf,+ipc_lock";
        List<String> user = List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--bounding-set", capabilities, "--inh-caps", capabilities, "--ambient-caps", capabilities);
        return new Program(user, Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** As the leader of a process group of its own, as a shell starts what a person types: {@link #signalGroup}. */
    public static Program startInGroup(String... arguments) throws IOException {
        return new Program(
                List.of("env", "--default-signal=INT", "setsid"), Map.of(), java(libraryPath()), List.of(arguments));
    }

    /** Skips the test, with the reason, outside a throw-away network namespace. */
    public static void assumeThrowAwayNamespace() {
        assumeTrue(
                "yes".equals(System.getenv("XDP4J_THROWAWAY_NETNS")),
                "needs namespaces of its own: ./check runs it in them");
    }

    private static String libraryPath() {
        return System.getProperty("java.library.path");
    }

    private static List<String> java(String libraryPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.library.path=" + libraryPath);
    }

    public long pid() {
        return process.pid();
    }

    public int exitCode() throws InterruptedException {
        if (!endsWithin(ENDS_WITHIN_SECONDS)) {
            throw new AssertionError("still running after " + ENDS_WITHIN_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Waits for its end. */
    public boolean endsWithin(int seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** @param name for example TERM */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** As Ctrl-C in a terminal does, to every process of the group. */
    public void signalGroup(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid()).start().waitFor();
    }

    public String out() throws IOException {
        return Files.readString(out);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    /** What a test waits for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until it holds; fails, showing what was written, when it takes too long or the program has ended. */
    public void await(String what, Condition condition) throws IOException, InterruptedException {
        for (int waitedMs = 0; !condition.holds(); waitedMs += LOOK_EVERY_MS) {
            if (!process.isAlive() || waitedMs > 1_000 * ENDS_WITHIN_SECONDS) {
                throw new AssertionError(what + " did not come; written: " + out() + err());
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** Processes of this program that live, itself included, as pids. */
    public List<Long> processes() throws IOException {
        List<Long> found = new ArrayList<>();
        for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
            if (isMarked(handle.pid())) {
                found.add(handle.pid());
            }
        }
        return found;
    }

    private boolean isMarked(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains(MARK + "=" + mark);
        } catch (IOException e) {
            return false; // has just ended, or is a zombie
        }
    }

    /** Waits for the processes to be gone, which after SIGKILL takes the kernel a moment. */
    public boolean leavesNoProcess() throws IOException, InterruptedException {
        for (int waitedMs = 0; !processes().isEmpty(); waitedMs += LOOK_EVERY_MS) {
            if (waitedMs > 10_000) {
                return false;
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
        return true;
    }

    /** Ends what is left of it. */
    @Override
    public void close() throws IOException {
        for (long pid : processes()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        Files.delete(out);
        Files.delete(err);
    }
}

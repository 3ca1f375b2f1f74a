// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sender or a receiver in a process of its own, in a namespace of the lab and on one CPU. Its standard output is its
 * report, JSON, and what it says to people is on standard error.
 *
 * <p>Threads: started by the thread that lives to the end of the process; see {@link #start}.
 */
final class Child implements AutoCloseable {
    private static final String READY = "receiving";
    private static final Pattern COMPLAINT = Pattern.compile("xdp4j(-peer)?: (.*)");

    /** From the end of its output to its exit code. */
    private static final int DIES_WITHIN_MS = 2_000;

    private final Process process;
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);
    private final StringBuffer output = new StringBuffer();
    private final Thread outputReader;
    private final Thread errorReader;
    private volatile boolean ready;
    private volatile String lastWords = "";
    private volatile String complaint = "";

    private Child(Process process) {
        this.process = process;
        this.outputReader = follow(process.getInputStream(), line -> output.append(line).append('\n'), () -> {});
        this.errorReader = follow(process.getErrorStream(), this::onWords, readyOrEnded::countDown);
    }

    /**
     * The child is in a session of its own, out of reach of the terminal's Ctrl-C: this process ends it in order. And
     * should this process die, the kernel kills it (PR_SET_PDEATHSIG). That is arranged for before the namespace is
     * entered, which fails if we died even earlier, for the lab died with us.
     *
     * @param program its command line
     */
    static Child start(Namespace namespace, int cpu, List<String> program) throws IOException {
        List<String> onCpu = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu)));
        onCpu.addAll(program);
        List<String> command = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "KILL"));
        command.addAll(namespace.within(onCpu));
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new Child(process);
    }

    /** Waits until it says that it is ready for the first packet. False when it ended, or took too long. */
    boolean awaitReady(int timeoutSeconds) throws InterruptedException {
        return readyOrEnded.await(timeoutSeconds, TimeUnit.SECONDS) && ready;
    }

    /** Whether it has said anything else to people. */
    boolean hasSpoken() {
        return !lastWords.isEmpty();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ends within that time by itself. */
    boolean awaitEnd(long timeoutMs) throws InterruptedException {
        return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Asks it to end in order (SIGTERM). Process.destroy() would close the pipe that its report comes through. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Of a child that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** The JSON that it wrote. Of a child that has ended. */
    JsonNode report() throws InterruptedException, JsonProcessingException {
        outputReader.join();
        return new ObjectMapper().readTree(output.toString());
    }

    /** Why it failed, in its own words if it had any. */
    String complaint() throws InterruptedException {
        if (!process.waitFor(DIES_WITHIN_MS, TimeUnit.MILLISECONDS)) {
            return "did not answer in time";
        }
        errorReader.join();
        if (!complaint.isEmpty()) {
            return complaint;
        }
        return "ended with exit code " + exitCode() + (lastWords.isEmpty() ? "" : ": " + lastWords);
    }

    /** Ends it at once if it has not ended. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void onWords(String line) {
        if (line.startsWith(READY)) {
            ready = true;
            readyOrEnded.countDown();
            return;
        }
        Matcher complaining = COMPLAINT.matcher(line);
        if (complaining.matches()) {
            complaint = complaining.group(2);
        } else if (!line.isBlank()) {
            lastWords = line.strip();
        }
    }

    private static Thread follow(InputStream stream, Consumer<String> onLine, Runnable onEnd) {
        Thread thread = new Thread(
                () -> {
                    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(onLine);
                    } catch (IOException | UncheckedIOException e) {
                        // the stream was closed under us because the child was ended: nothing more to read
                    } finally {
                        onEnd.run();
                    }
                },
                "reader of child");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

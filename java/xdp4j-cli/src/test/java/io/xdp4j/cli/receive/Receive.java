// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.cli.status.Statuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code receive} on a {@link Cable} for tests of its queues, workers and flows. */
final class Receive implements AutoCloseable {
    static final int SIGTERM_EXIT = 143;
    static final int SIGINT_EXIT = 130;

    /** How it is started: {@link Program#start} and its like. */
    @FunctionalInterface
    interface Starter {
        Program start(String... arguments) throws IOException;
    }

    final Program program;
    private final Path folder = Files.createTempDirectory("receive");
    private final Path json = folder.resolve("received.json");

    private Receive(Starter starter, String... options) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx")); // whoever it runs as
        List<String> arguments = new ArrayList<>(
                List.of("receive", "--interface", Cable.RX, "--json", json.toString()));
        arguments.addAll(Arrays.asList(options));
        program = starter.start(arguments.toArray(String[]::new));
    }

    /** Starts it, and waits until it receives. */
    static Receive ready(String... options) throws IOException, InterruptedException {
        return ready(Program::start, options);
    }

    static Receive ready(Starter starter, String... options) throws IOException, InterruptedException {
        Receive receive = new Receive(starter, options);
        try {
            receive.program.await("that it receives", () -> receive.said().contains(" idle "));
            return receive;
        } catch (AssertionError e) {
            receive.close();
            throw e;
        }
    }

    /** Starts it, and does not wait. */
    static Receive starting(String... options) throws IOException {
        return new Receive(Program::start, options);
    }

    /** Starts it for it to refuse: one line of words, exit code 2, and nothing left. */
    static String refused(String... options) throws IOException, InterruptedException {
        return refused(Program::start, options);
    }

    static String refused(Starter starter, String... options) throws IOException, InterruptedException {
        try (Receive receive = new Receive(starter, options)) {
            assertEquals(2, receive.program.exitCode(), receive::words);
            assertEquals("", receive.program.out());
            String said = receive.program.err();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.startsWith("xdp4j: "), said);
            assertTrue(receive.program.leavesNoProcess(), "a process is left");
            return said;
        }
    }

    /** All that it wrote. */
    String words() {
        try {
            return program.out() + program.err();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The words in one line, whatever their line breaks. */
    String said() {
        return words().replaceAll("\\s+", " ");
    }

    void awaitSaid(String text) throws IOException, InterruptedException {
        program.await("'" + text + "'", () -> said().contains(text));
    }

    /** Ends it by SIGTERM; what it wrote as JSON. */
    JsonNode terminated() throws IOException, InterruptedException {
        program.signal("TERM");
        return ended(SIGTERM_EXIT);
    }

    /** Waits for its end, which leaves no process and no stack trace behind; what it wrote as JSON. */
    JsonNode ended(int exitCode) throws IOException, InterruptedException {
        assertEquals(exitCode, program.exitCode(), this::words);
        assertTrue(program.leavesNoProcess(), "a process is left");
        assertFalse(words().contains("\tat "), words());
        return new ObjectMapper().readTree(json.toFile());
    }

    /** What it says of itself for {@code xdp4j status}, which is a second old at most. */
    RunStatus.XdpStatus status() throws IOException {
        return Statuses.of(program.pid()).xdp();
    }

    /** The pid of a queue's worker; it need not live any more. */
    long worker(int queue) throws IOException {
        return status().queues().get(queue).worker();
    }

    /** The packets of a flow in the final account. */
    static JsonNode flow(JsonNode report, String flow) {
        for (JsonNode each : report.get("flows")) {
            if (each.get("flow").asText().equals(flow)) {
                return each;
            }
        }
        throw new AssertionError("no flow " + flow + " in " + report);
    }

    /** Its receivers measured something, and no more than passed since it began: {@code latencyUs}. */
    static void assertLatency(JsonNode report, JsonNode flow) {
        double max = flow.at("/latencyUs/max").asDouble();
        assertTrue(max > 0 && max <= 1.01e6 * report.get("seconds").asDouble(), flow.toString());
        assertTrue(flow.at("/latencyUs/p50").asDouble() <= max, flow.toString());
    }

    /** Every packet was delivered, and the account says so. */
    static void assertWhole(long sent, JsonNode report, String flow) {
        assertEquals(
                "{\"wire\":" + sent + ",\"delivered\":" + sent + ",\"waiting\":0,\"causes\":{},\"unexplained\":0}",
                flow(report, flow).get("ledger").toString());
    }

    @Override
    public void close() throws IOException {
        program.close();
        Files.deleteIfExists(json);
        Files.delete(folder);
    }
}

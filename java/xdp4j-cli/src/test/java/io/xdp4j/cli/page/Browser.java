// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xdp4j.cli.Cable;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Chromium without a window, told what to do over its debugging protocol (CDP), with one page open. It keeps what the
 * page asks of a network, and what its console says.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("chromium-headless-shell", "chromium");
    private static final int ANSWERS_WITHIN_SECONDS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder = Files.createTempDirectory("browser");
    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private String session;
    private int lastId;

    private Browser(String program) throws IOException {
        process = new ProcessBuilder(
                        program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + folder,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        Path address = folder.resolve("DevToolsActivePort"); // port, and path of the socket
        Cable.await("a browser that listens", () -> Files.exists(address) && Files.readAllLines(address).size() == 2);
        List<String> lines = Files.readAllLines(address);
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)), new Listener())
                .join();
        JsonNode target = call("Target.createTarget", Map.of("url", "about:blank"));
        session = call("Target.attachToTarget",
                        Map.of("targetId", target.get("targetId").asText(), "flatten", true))
                .get("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** Skips the test, with the reason, where there is none. */
    public static Browser open() throws IOException {
        Optional<String> program = PROGRAMS.stream().filter(Browser::isInstalled).findFirst();
        assumeTrue(program.isPresent(), "needs chromium-headless-shell: ./check installs it");
        return new Browser(program.get());
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Opens a file, and waits until its scripts have run. */
    public void load(Path file) throws IOException {
        requests.clear();
        complaints.clear();
        loaded = new CompletableFuture<>();
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        await(loaded);
    }

    /** What an expression of JavaScript is on the page; a promise is waited for. */
    public JsonNode evaluate(String expression) throws IOException {
        JsonNode result = call(
                "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return result.get("result").path("value");
    }

    /** What was asked for since a page was opened, the page itself and what is inside of it left out. */
    public List<String> requests() {
        return requests.stream().filter(url -> !url.startsWith("data:")).skip(1).toList();
    }

    /** What the console says: errors, warnings and all else, of the page and of the browser about it. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Of the next page that is opened. */
    public void allowScript(boolean allowed) throws IOException {
        call("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    /** @param scheme {@code light} or {@code dark} */
    public void prefer(String scheme) throws IOException {
        call("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        settle();
    }

    /** In CSS pixels. */
    public void resize(int width, int height) throws IOException {
        call("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        settle();
    }

    /** Two frames later all that a change of the window leads to is done. */
    private void settle() throws IOException {
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
    }

    /** PDF, Base64, of the page on the paper that it asks for. */
    public String pdf() throws IOException {
        return call("Page.printToPDF", Map.of("preferCSSPageSize", true, "printBackground", false))
                .get("data")
                .asText();
    }

    private JsonNode call(String method, Map<String, Object> parameters) throws IOException {
        ObjectNode message = JSON.createObjectNode().put("id", ++lastId).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(lastId, answer);
        socket.sendText(JSON.writeValueAsString(message), true).join();
        JsonNode got = await(answer);
        if (got.has("error")) {
            throw new AssertionError(method + ": " + got.get("error"));
        }
        return got.get("result");
    }

    @SuppressWarnings("unchecked")
    private <T> T await(CompletableFuture<T> awaited) throws IOException {
        try {
            return (T) CompletableFuture.anyOf(awaited, failure).get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the browser does not answer: " + Files.readString(folder.resolve("said")), e);
        }
    }

    private void onMessage(JsonNode message) {
        JsonNode of = message.path("params");
        switch (message.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Network.requestWillBeSent" -> requests.add(of.at("/request/url").asText());
            case "Network.webSocketCreated" -> requests.add(of.at("/url").asText());
            case "Runtime.consoleAPICalled" -> complaints.add(of.at("/args").toString());
            case "Runtime.exceptionThrown" -> complaints.add(of.at("/exceptionDetails").toString());
            case "Log.entryAdded" -> complaints.add(of.at("/entry/text").asText());
            case "" -> answers.remove(message.path("id").asInt()).complete(message);
            default -> {} // of no interest
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    onMessage(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    failure.completeExceptionally(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            failure.completeExceptionally(error);
        }
    }

    /** Ends it and the processes it started, and removes what it wrote. */
    @Override
    public void close() throws IOException {
        socket.abort();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

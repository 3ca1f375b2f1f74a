// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.xdp4j.cli.BadInput;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MetricsServerTest {
    private static final MultiCollector ONE = () -> {
        Families families = new Families();
        families.counter("xdp4j_lemons", "Lemons that came.", 7, Labels.of("bowl", "green"));
        return families.snapshots();
    };

    private final HttpClient client = HttpClient.newHttpClient();

    private static MetricsServer open(String where, MultiCollector metrics) throws IOException {
        return MetricsServer.open(new MetricsAddress.Converter().convert(where), metrics);
    }

    private HttpResponse<String> ask(String method, URI uri) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "127.0.0.1:0", "[::1]:0", "0.0.0.0:0"})
    void servesMetrics(String where) throws Exception {
        assumeTrue(!where.contains("::1") || hasIpv6(), "no IPv6 here");
        try (MetricsServer server = open(where, ONE)) {
            HttpResponse<String> response = ask("GET", URI.create(server.url()));

            assertEquals(200, response.statusCode());
            assertEquals(
                    Optional.of("text/plain; version=0.0.4; charset=utf-8"),
                    response.headers().firstValue("Content-Type"));
            assertEquals(
                    """
                    # HELP xdp4j_lemons_total Lemons that came.
                    # TYPE xdp4j_lemons_total counter
                    xdp4j_lemons_total{bowl="green"} 7.0
                    """,
                    response.body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404",
        "GET, /metrics/, 404",
        "GET, /metrics/more, 404",
        "GET, /favicon.ico, 404",
        "GET, /-/healthy, 404",
        "GET, /metrics?debug=text, 400",
        "GET, /metrics?name[]=xdp4j_lemons_total, 400",
        "HEAD, /metrics, 405",
        "POST, /metrics, 405",
        "DELETE, /metrics, 405",
        "OPTIONS, /metrics, 405",
    })
    void servesNothingElse(String method, String path, int status) throws Exception {
        try (MetricsServer server = open("0", ONE)) {
            HttpResponse<String> response =
                    ask(method, URI.create(server.url().replace("/metrics", path)));

            assertEquals(status, response.statusCode());
            assertEquals("", response.body());
            assertEquals(
                    status == 405 ? Optional.of("GET") : Optional.empty(),
                    response.headers().firstValue("Allow"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n\r\n",
                "GET\r\n\r\n",
                "GET /metrics",
                "GET mailto:a HTTP/1.1\r\n\r\n",
                "GET /met\u0000rics HTTP/1.1\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nContent-Length: 10000000\r\n\r\nx",
                "GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
                "\u0016\u0003\u0001",
            })
    void whoSendsNonsenseOrNothingDisturbsNobody(String request) throws Exception {
        try (MetricsServer server = open("0", ONE);
                Socket stranger = connect(server)) {
            stranger.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            stranger.getOutputStream().flush();
            assertEquals(200, ask("GET", URI.create(server.url())).statusCode());
        }
    }

    private static Socket connect(MetricsServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort());
    }

    /** More than there are threads, each in the middle of a request: they are given up, and it serves again. */
    @Test
    void clientsThatNeverGoOnAreGivenUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (MetricsServer server = open("0", ONE)) {
            for (int i = 0; i < 20; i++) {
                Socket socket = connect(server);
                slow.add(socket);
                socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            assertEquals(200, ask("GET", URI.create(server.url())).statusCode());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** An answer is longer than buffers take: who asks for it and does not go on reading holds a thread. */
    @Test
    void clientsThatDoNotReadDoNotKeepItFromClosing() throws Exception {
        MultiCollector large = () -> {
            Families families = new Families();
            for (int i = 0; i < 10_000; i++) {
                families.gauge("xdp4j_lemons", "Lemons that are there.", i, Labels.of("bowl", "b".repeat(1_000) + i));
            }
            return families.snapshots();
        };
        List<Socket> deaf = new ArrayList<>();
        MetricsServer server = open("0", large);
        try {
            for (int i = 0; i < 8; i++) { // twice as many as threads
                Socket socket = connect(server);
                deaf.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            assertEquals('H', deaf.get(0).getInputStream().read(), "the first letter of the answer");
        } finally {
            server.close();
            for (Socket socket : deaf) {
                socket.close();
            }
        }
        assertThrows(ConnectException.class, () -> connect(server).close());
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("metrics"))) {
            Thread.sleep(10);
        }
    }

    @Test
    void aPortThatIsTakenIsBadInput() throws Exception {
        try (MetricsServer first = open("0", ONE)) {
            String taken = first.url().replaceAll("^http://(.*)/metrics$", "$1");

            String refusal = assertThrows(BadInput.class, () -> open(taken, ONE).close()).getMessage();

            assertTrue(refusal.startsWith("--metrics " + taken + ": cannot listen there ("), refusal);
            assertTrue(refusal.contains("a port from 1024 on that is free, or 0 for any"), refusal);
            assertFalse(refusal.contains("\n"), refusal);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsBadInput() {
        String refusal = assertThrows(BadInput.class, () -> open("192.0.2.1:0", ONE).close()).getMessage(); // RFC 5737
        assertTrue(refusal.startsWith("--metrics 192.0.2.1:0: cannot listen there ("), refusal);
        assertTrue(refusal.contains("use an address of this machine"), refusal);
    }

    @Test
    void aPortIsFreeAgainAtOnce() throws Exception {
        String where;
        try (MetricsServer first = open("0", ONE)) {
            assertEquals(200, ask("GET", URI.create(first.url())).statusCode());
            where = first.url().replaceAll("^http://(.*)/metrics$", "$1");
        }
        try (MetricsServer second = open(where, ONE)) {
            assertEquals(200, ask("GET", URI.create(second.url())).statusCode());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.xdp4j.cli.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code GET /metrics} in Prometheus' text format, and nothing else.
 *
 * <p>The client library has a server too. It would answer other requests as well, and print a stack trace when a client
 * goes away in the middle.
 *
 * <p>Threads: its own, few of them; whoever is slow or sends nonsense keeps other clients waiting at most. Connections
 * beyond {@value #CONNECTIONS} are closed, and those that take too long.
 */
final class MetricsServer implements Closeable {
    static final String PATH = "/metrics";
    private static final int CONNECTIONS = 64;
    private static final int THREADS = 4;
    private static final int REQUEST_WITHIN_S = 2;
    private static final int RESPONSE_WITHIN_S = 10;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NO_BODY = -1;
    private static final int ROOM_TO_GROW = 4_096;

    static {
        // The JDK's server has no other way to be told, and without it waits for ever.
        limit("sun.net.httpserver.maxReqTime", REQUEST_WITHIN_S);
        limit("sun.net.httpserver.maxRspTime", RESPONSE_WITHIN_S);
        limit("jdk.httpserver.maxConnections", CONNECTIONS);
    }

    private final MetricsAddress where;
    private final HttpServer http;
    private final ThreadPoolExecutor threads;
    private final MultiCollector metrics;
    private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();
    private volatile int room = ROOM_TO_GROW; // for an answer: the latest one's, so that the next need not grow

    private MetricsServer(MetricsAddress where, HttpServer http, MultiCollector metrics) {
        this.where = where.withPort(http.getAddress().getPort());
        this.http = http;
        this.metrics = metrics;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(CONNECTIONS), MetricsServer::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "metrics");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Serves from when it returns.
     *
     * @param metrics asked for each answer, by several threads
     * @throws BadInput when it cannot listen there
     */
    static MetricsServer open(MetricsAddress where, MultiCollector metrics) throws IOException {
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(where.address(), where.port()), CONNECTIONS);
        } catch (SocketException e) {
            throw new BadInput("--metrics " + where + ": cannot listen there (" + e.getMessage()
                    + "): use an address of this machine, and a port from 1024 on that is free, or 0 for any");
        }
        MetricsServer server = new MetricsServer(where, http, metrics);
        http.setExecutor(server.threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /** With the port that it really has. */
    String url() {
        return "http://" + where + PATH;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!PATH.equals(exchange.getRequestURI().getPath())) {
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
            } else if (exchange.getRequestURI().getRawQuery() != null) {
                exchange.sendResponseHeaders(BAD_REQUEST, NO_BODY);
            } else {
                ByteArrayOutputStream body = new ByteArrayOutputStream(room);
                format.write(body, metrics.collect(), EscapingScheme.DEFAULT);
                room = body.size() + ROOM_TO_GROW;
                exchange.getResponseHeaders().set("Content-Type", format.getContentType());
                exchange.sendResponseHeaders(OK, body.size());
                body.writeTo(exchange.getResponseBody());
            }
        }
    }

    /** Waits for no answer that is under way. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}

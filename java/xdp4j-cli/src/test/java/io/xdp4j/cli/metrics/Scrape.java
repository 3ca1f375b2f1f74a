// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.cli.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running {@code receive} answered when it was scraped.
 *
 * @param values by name and labels, as they stand in the text
 */
public record Scrape(String text, Map<String, Double> values) {
    private static final Pattern SAID = Pattern.compile("metrics at (http://\\S+/metrics)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Waits until it says where it serves. */
    public static URI where(Program receive) throws IOException, InterruptedException {
        receive.await("where metrics are", () -> SAID.matcher(receive.out()).find());
        Matcher said = SAID.matcher(receive.out());
        said.find();
        return URI.create(said.group(1));
    }

    public static Scrape of(URI where) throws IOException, InterruptedException {
        HttpResponse<String> response =
                CLIENT.send(HttpRequest.newBuilder(where).build(), BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        Map<String, Double> values = new TreeMap<>();
        for (String line : response.body().lines().toList()) {
            if (!line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                assertEquals(
                        null,
                        values.put(
                                line.substring(0, space),
                                Double.valueOf(line.substring(space + 1).replace("+Inf", "Infinity"))),
                        line);
            }
        }
        return new Scrape(response.body(), values);
    }

    /** Of one series; 0 when there is none. */
    public double value(String series) {
        return values.getOrDefault(series, 0.0);
    }

    /** The names of the metrics, without their labels. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        values.keySet().forEach(series -> names.add(series.replaceAll("\\{.*", "")));
        return names;
    }

    /** Prometheus' own judge has nothing against it. */
    public void assertCleanForPromtool() throws IOException, InterruptedException {
        Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
        try (var in = promtool.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", said);
        assertEquals(0, promtool.waitFor());
    }
}

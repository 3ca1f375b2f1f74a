// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.metrics.Scrape;
import io.xdp4j.packet.Flow;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/} has for metrics fits what is served. */
@Tag("integration")
@Timeout(180)
class MetricsDocsIT {
    private static final Path DOCS = Path.of("../../docs");
    private static final Path DASHBOARD = DOCS.resolve("grafana-dashboard.json");
    private static final Path ALERTS = DOCS.resolve("prometheus-alerts.yml");
    private static final Pattern NAME = Pattern.compile("xdp4j_[a-z_]+");
    private static final String FLOW = "239.1.2.3:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    private static Set<String> namesIn(Path file) throws Exception {
        Set<String> names = new TreeSet<>();
        NAME.matcher(Files.readString(file)).results().forEach(name -> names.add(name.group()));
        return names;
    }

    @Test
    void theyNameMetricsThatThereAre() throws Exception {
        Scrape scrape;
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", "processes", "--metrics", "0");
                PinnedSender sender = PinnedSender.start(0, 5_000, Flow.parse(FLOW))) {
            URI where = Scrape.where(receive.program);
            scrape = Scrape.of(where);
            while (scrape.names().stream().noneMatch("xdp4j_flow_queue"::equals)) { // packets came in the last second
                Thread.sleep(100);
                scrape = Scrape.of(where);
            }
            sender.stop();
            receive.terminated();
        }
        scrape.assertCleanForPromtool();
        Set<String> unknown = namesIn(DASHBOARD);
        unknown.addAll(namesIn(ALERTS));
        unknown.removeAll(scrape.names());
        assertEquals(Set.of(), unknown);

        Set<String> families = new TreeSet<>();
        scrape.names().forEach(name -> families.add(name.replaceAll("(latency_seconds)_(bucket|count|sum)$", "$1")));
        assertEquals(families, namesIn(DOCS.resolve("metrics.md")));
    }

    private static void promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Cable.run(command.toArray(String[]::new));
    }

    @Test
    void alertsComeWhenTheyAreToAndSayWhatToChange() throws Exception {
        promtool("check", "rules", ALERTS.toString());
        promtool("test", "rules", "src/test/prometheus/alerts-test.yml");
    }

    /** Prometheus parses each expression, with something in place of Grafana's variables. */
    @Test
    void theDashboardAsksWhatPrometheusUnderstands() throws Exception {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int expressions = 0;
        for (JsonNode panel : dashboard.get("panels")) {
            assertTrue(panel.at("/fieldConfig/defaults/unit").isTextual(), panel.toString());
            for (JsonNode target : panel.get("targets")) {
                assertEquals("${datasource}", target.at("/datasource/uid").asText());
                String expression = target.get("expr")
                        .asText()
                        .replaceAll("\\$__(rate_interval|interval|range)", "1m")
                        .replaceAll("\\$(instance|flow)", ".*");
                rules.append("      - record: r").append(expressions++);
                rules.append("\n        expr: '").append(expression).append("'\n");
            }
        }
        assertTrue(expressions > 0);
        promtool("check", "rules", Files.writeString(folder.resolve("rules.yml"), rules).toString());
    }
}

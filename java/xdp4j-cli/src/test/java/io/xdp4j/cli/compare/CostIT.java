// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare --cost}: what adds up, whatever the times are. */
@Tag("integration")
class CostIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void assumeThrowAwayNamespace() {
        Program.assumeThrowAwayNamespace();
    }

    @Test
    void comparesJavaWithCAtEveryLoad() throws IOException, InterruptedException {
        Path json = folder.resolve("cost.json");
        try (Program compare = Program.start("compare", "--cost", "--rounds", "1", "--rates", "20000",
                "--idle", "sleep:1ms,spin", "--seconds", "1", "--json", json.toString())) {
            assertEquals(0, compare.exitCode(), compare.err());

            JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertTrue(result.required("complete").asBoolean());
            assertEquals(List.of("xdp", "peer", "xdp", "peer"), texts(result.required("cells"), "backend"));
            assertEquals(
                    List.of("sleep:1ms", "sleep:1ms", "spin", "spin"), texts(result.required("costs"), "idle"));
            for (JsonNode cell : result.required("cells")) {
                assertEquals(20_000, cell.required("sent").asLong(), cell::toString);
                assertEquals(
                        20_000,
                        cell.required("received").asLong() + cell.required("lost").asLong(),
                        cell::toString);
                assertEquals(0, cell.required("unexplained").asLong(), cell::toString);
                assertEquals(32_768, cell.required("ringDescriptors").asInt(), cell::toString);
            }
            for (JsonNode cost : result.required("costs")) {
                assertEquals(1, cost.required("rounds").asInt(), cost::toString);
                assertTrue(cost.requiredAt("/busy/median").asDouble() > 0, cost::toString);
                assertTrue(cost.requiredAt("/cpu/min").asDouble() <= cost.requiredAt("/cpu/max").asDouble());
            }
            compare.out().lines().forEach(line -> assertTrue(line.length() <= 120, line));
            assertTrue(compare.leavesNoProcess());
        }
    }

    /** Java's side is measured all the same. */
    @Test
    void withoutThePeerItSaysSo() throws IOException, InterruptedException {
        Path json = folder.resolve("cost.json");
        Path absent = folder.resolve("bin/xdp4j-peer");
        try (Program compare = Program.startWithPeer(absent, "compare", "--cost", "--rounds", "1", "--rates", "20000",
                "--idle", "poll", "--seconds", "1", "--json", json.toString())) {
            assertEquals(0, compare.exitCode(), compare.err());

            assertTrue(
                    compare.err().startsWith("left out: peer: there is no " + absent + ": build it with ./xdp4j\n"),
                    compare.err());
            JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertEquals(List.of("xdp"), texts(result.required("cells"), "backend"));
            assertTrue(result.required("costs").required(0).required("toPeer").isNull());
        }
    }

    private static List<String> texts(JsonNode array, String figure) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> element.required(figure).asText())
                .toList();
    }
}

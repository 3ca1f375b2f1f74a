// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

/** {@code compare --lossless}: what adds up, whatever the rates are. */
@Tag("integration")
class LosslessIT {
    /**
     * How long a search takes depends on who else uses the machine: after this time it is broken off. One has ended by
     * then, unless others held the sender up most of the time.
     */
    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    private Path folder;

    @BeforeEach
    void assumeThrowAwayNamespace() {
        Program.assumeThrowAwayNamespace();
    }

    @Test
    void findsARateForEachSourceAndEveryPacketOfIt() throws IOException, InterruptedException {
        Path json = folder.resolve("lossless.json");
        try (Program compare = Program.start("compare", "--lossless", "--backends", "peer,drop", "--seconds", "1",
                "--json", json.toString())) {
            boolean ended = compare.endsWithin(PATIENCE_SECONDS);
            if (!ended) {
                compare.signal("INT");
            }
            assertEquals(ended ? 0 : 130, compare.exitCode(), compare.err());

            JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertEquals(ended, result.required("complete").asBoolean());
            assertEquals(1, result.requiredAt("/settings/searchSeconds").asInt());
            List<JsonNode> sources = list(result.required("sources"));
            List<String> names = sources.stream()
                    .map(source -> source.required("backend").asText())
                    .toList();
            assertEquals(List.of("peer", "drop").subList(0, names.size()), names);
            assertTrue(!ended || names.size() == 2, names::toString);
            sources.forEach(LosslessIT::assertCloses);
            assertTrue(compare.out().lines().anyMatch(line -> line.startsWith("peer ")), compare.out());
            compare.out().lines().forEach(line -> assertTrue(line.length() <= 120, line));
            assertTrue(compare.leavesNoProcess());
            assertFindsARate(sources);
        }
    }

    @Test
    void aSignalEndsItInOrder() throws IOException, InterruptedException {
        Path json = folder.resolve("lossless.json");
        try (Program compare = Program.start("compare", "--lossless", "--backends", "xdp,peer", "--seconds", "1",
                "--json", json.toString())) {
            compare.await("the first trial", () -> compare.err().contains("source 1 of 2, trial 1, limit: xdp"));

            compare.signal("INT");

            assertEquals(130, compare.exitCode(), compare.err());
            assertTrue(compare.err().contains("Interrupted after 0 of 2 sources."), compare.err());
            JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertFalse(result.required("complete").asBoolean());
            JsonNode source = result.required("sources").required(0);
            assertTrue(source.required("losslessPps").isNull());
            assertEquals("limit", source.required("trials").required(0).required("kind").asText());
            assertTrue(compare.leavesNoProcess());
        }
    }

    /** Skips where the sender was late in most trials: they tell of the machine, not of the search. */
    private static void assertFindsARate(List<JsonNode> sources) {
        if (sources.stream().noneMatch(LosslessIT::isConfirmed)) {
            List<JsonNode> trials = sources.stream()
                    .flatMap(source -> list(source.required("trials")).stream())
                    .toList();
            long late = trials.stream()
                    .filter(trial -> trial.required("outcome").asText().equals("late"))
                    .count();
            assumeTrue(
                    2 * late <= trials.size(),
                    "the machine is too busy: the sender was late in " + late + " of " + trials.size() + " trials");
            fail("no rate was found: " + sources);
        }
    }

    private static boolean isConfirmed(JsonNode source) {
        long sent = source.required("confirmedSent").asLong(); // 0 while it is null
        return sent > 0 && sent == source.required("confirmedReceived").asLong();
    }

    private static void assertCloses(JsonNode source) {
        List<JsonNode> trials = list(source.required("trials"));
        trials.forEach(LosslessIT::assertAddsUp);
        assertEquals("limit", trials.get(0).required("kind").asText());
        long rate = source.required("losslessPps").asLong();
        if (rate == 0) {
            return; // broken off, or on a machine that let no trial be
        }
        List<JsonNode> confirming = trials.stream()
                .filter(trial -> trial.required("kind").asText().equals("confirmation")
                        && trial.required("outcome").asText().equals("passed")
                        && trial.required("offeredPps").asLong() == rate)
                .toList();
        assertEquals(3, confirming.size(), source::toString);
        confirming.forEach(trial -> assertEquals(rate, trial.required("sent").asLong(), trial::toString)); // in 1 s
        assertEquals(3 * rate, source.required("confirmedSent").asLong());
        assertEquals(3 * rate, source.required("confirmedReceived").asLong());
    }

    private static void assertAddsUp(JsonNode trial) {
        long lost = trial.required("lost").asLong();
        assertEquals(trial.required("sent").asLong(), trial.required("received").asLong() + lost, trial::toString);
        long causes = list(trial.required("causes")).stream()
                .mapToLong(JsonNode::asLong)
                .sum();
        assertEquals(lost, causes + trial.required("unexplained").asLong(), trial::toString);
        assertEquals(0, trial.required("unexplained").asLong(), trial::toString);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}

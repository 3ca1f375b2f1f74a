// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.ledger.Cause;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** At 400,000 a second for 2 s. */
class TrialTest {
    private static final Plan PLAN = Plan.ofOneFlow(Backend.RAW, Cells.idle("poll"), 400_000, 2);

    @Test
    void passesWhenNothingIsLostAndTheSenderWasInTime() {
        Trial trial = trial(Map.of(), 0, 2.04); // 1.02 times as long

        assertTrue(trial.passed());
        assertFalse(trial.failed());
        assertEquals("passed", trial.result());
    }

    @Test
    void aSenderThatDidNotHoldTheRateIsNoPass() {
        Trial trial = trial(Map.of(), 0, 2.5);

        assertTrue(trial.failed());
        assertEquals(320_000, trial.sentPps());
        assertEquals("sender was late: 320,000 a second", trial.result());
        assertEquals("sender", trial.bound());
    }

    @Test
    void whatIsLostIsTheSourcesEvenWhereTheSenderWasLate() {
        Trial trial = trial(new EnumMap<>(Map.of(Cause.NIC, 5L, Cause.SOCKET_BUFFER, 7L)), 0, 2.5);

        assertEquals(ThroughputSearch.Outcome.LOST, trial.outcome());
        assertEquals("socket buffer", trial.bound());
        assertEquals("lost 12 of 800,000: NIC 5, socket buffer 7, unexplained 0", trial.result());
    }

    @Test
    void whatNoCounterHasIsUnexplained() {
        assertEquals("unexplained", trial(Map.of(Cause.NIC, 5L), 6, 2.0).bound());
        assertEquals("NIC", trial(Map.of(Cause.NIC, 6L), 5, 2.0).bound());
        assertEquals("unexplained", trial(Map.of(), -3, 2.0).bound()); // more received than sent
    }

    @Test
    void theSendersLimitIsNothingToPass() throws JsonProcessingException {
        Trial trial = Trial.of(
                Trial.Kind.LIMIT,
                Plan.saturating(Backend.RAW, Cells.idle("poll"), 2),
                Cells.cell(PLAN, 800_000, Map.of(Cause.SOCKET_BUFFER, 300L), 0, 900.0, 3.2));

        assertFalse(trial.passed());
        assertFalse(trial.failed());
        assertNull(trial.offeredPps());
        assertEquals("sent 250,000 a second, lost 300 of 800,000", trial.result());
        JsonNode json = json(trial);
        assertEquals("limit", json.required("kind").asText());
        assertTrue(json.required("outcome").isNull());
    }

    @Test
    void theJsonHasWordsAndEveryComponentOnce() throws JsonProcessingException {
        JsonNode json = json(trial(Map.of(Cause.SOCKET_BUFFER, 7L), 0, 2.0));

        assertEquals("search", json.required("kind").asText());
        assertEquals("lost", json.required("outcome").asText());
        assertEquals(7, json.requiredAt("/causes/SOCKET_BUFFER").asLong());
        assertEquals(Trial.class.getRecordComponents().length, json.size());
    }

    private static Trial trial(Map<Cause, Long> causes, long unexplained, double elapsedSeconds) {
        return Trial.of(
                Trial.Kind.SEARCH, PLAN, Cells.cell(PLAN, 800_000, causes, unexplained, 900.0, elapsedSeconds));
    }

    private static JsonNode json(Trial trial) throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        return mapper.readTree(mapper.writeValueAsString(trial));
    }
}

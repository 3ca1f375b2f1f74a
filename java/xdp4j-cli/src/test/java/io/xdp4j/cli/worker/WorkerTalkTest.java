// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.Flow;
import io.xdp4j.process.Channel;
import io.xdp4j.rtp.RtpClocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What distributor and worker say fits into a message of the channel. */
class WorkerTalkTest {
    /** No group, port, source or clock rate is longer. */
    private static WorkerTalk.ExpectedFlow longest(int id, int clocks) {
        String name = Flow.parse(
                        "[ff3e:1111:2222:3333:4444:5555:6666:7777]:65535@2001:1111:2222:3333:4444:5555:6666:7777")
                .toString();
        Map<Integer, Integer> mapped = IntStream.range(128 - clocks, 128)
                .boxed()
                .collect(Collectors.toMap(payloadType -> payloadType, payloadType -> Integer.MAX_VALUE));
        return new WorkerTalk.ExpectedFlow(id, name, new RtpClocks(mapped, Integer.MAX_VALUE));
    }

    private static int bytes(WorkerTalk.Request request) throws Exception {
        return new ObjectMapper().writeValueAsBytes(request).length;
    }

    @Test
    void asManyFlowsAsARequestHasMayBeTheLongestOnes() throws Exception {
        int clocks = WorkerTalk.CLOCKS_OF_A_REQUEST / WorkerTalk.FLOWS_OF_A_REQUEST;
        List<WorkerTalk.Request> requests = WorkerTalk.Request.expect(IntStream.range(0, WorkerTalk.FLOWS_OF_A_REQUEST)
                .mapToObj(i -> longest(16_383, clocks))
                .toList());
        assertEquals(1, requests.size());
        int bytes = bytes(requests.get(0));
        assertTrue(bytes <= Channel.MAX_BYTES, bytes + " bytes");
        assertTrue(2 * bytes > Channel.MAX_BYTES, "a request may have more flows: " + bytes + " bytes");
    }

    @Test
    void flowsOfManyClocksAreToldInMoreRequests() throws Exception {
        List<WorkerTalk.ExpectedFlow> flows = new ArrayList<>();
        for (int id = 0; id < 1_500; id++) {
            flows.add(longest(id, id < 100 ? 128 : id % 3));
        }
        List<WorkerTalk.Request> requests = WorkerTalk.Request.expect(flows);
        List<WorkerTalk.ExpectedFlow> told = new ArrayList<>();
        for (WorkerTalk.Request request : requests) {
            byte[] message = new ObjectMapper().writeValueAsBytes(request);
            assertTrue(message.length <= Channel.MAX_BYTES, message.length + " bytes");
            told.addAll(new ObjectMapper().readValue(message, WorkerTalk.Request.class).expected());
        }
        assertEquals(flows, told, "the same, as the worker reads them, and each once");
        assertEquals(List.of(), WorkerTalk.Request.expect(List.of()));
    }
}

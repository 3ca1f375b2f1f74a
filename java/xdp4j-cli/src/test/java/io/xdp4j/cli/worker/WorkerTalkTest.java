// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.Flow;
import io.xdp4j.process.Channel;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What distributor and worker say fits into a message of the channel. */
class WorkerTalkTest {
    /** No group, port, source, id or clock rate is longer. */
    @Test
    void asManyFlowsAsARequestHasMayBeTheLongestOnes() throws Exception {
        String name = Flow.parse(
                        "[ff3e:1111:2222:3333:4444:5555:6666:7777]:65535@2001:1111:2222:3333:4444:5555:6666:7777")
                .toString();
        WorkerTalk.ExpectedFlow longest = new WorkerTalk.ExpectedFlow(16_383, name, Integer.MAX_VALUE);
        WorkerTalk.Request request =
                WorkerTalk.Request.expect(Collections.nCopies(Worker.FLOWS_OF_A_REQUEST, longest));
        int bytes = new ObjectMapper().writeValueAsBytes(request).length;
        assertTrue(bytes <= Channel.MAX_BYTES, bytes + " bytes");
        assertTrue(2 * bytes > Channel.MAX_BYTES, "a request may have more flows: " + bytes + " bytes");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusyPollTest {
    @Test
    void saysWhatItKnows() {
        assertEquals("", BusyPoll.words(0, true));
        assertEquals(", busy poll of up to 64 packets", BusyPoll.words(64, true));
    }

    /** {@link io.xdp4j.xdp.XdpSocket#napiId()} says from when on. */
    @ParameterizedTest
    @CsvSource({
        "5.11.0, false", "6.1.0-18-amd64, false", "6.12.9, false", "6.13.0, true", "6.13-rc1, true", "6.18.5, true",
        "7.0.0, true", "10.2, true", "unknown, false"
    })
    void aKernelThatTellsAtOnce(String version, boolean tells) {
        assertEquals(tells, BusyPoll.toldByABind(version));
    }
}

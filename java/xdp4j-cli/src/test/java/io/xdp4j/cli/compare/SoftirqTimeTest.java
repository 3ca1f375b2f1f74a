// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SoftirqTimeTest {
    /** proc_stat(5): user nice system idle iowait irq softirq steal guest guest_nice, in hundredths of a second. */
    @Test
    void readsTheSumOverAllCpus() {
        String stat = "cpu  10132153 290696 3084719 46828483 16683 7 25195 0 175628 0\n"
                + "cpu0 1393280 32966 572056 13343292 6130 0 17875 0 23933 0\n";

        assertEquals(251_950_000_000L, SoftirqTime.parse(stat));
    }
}

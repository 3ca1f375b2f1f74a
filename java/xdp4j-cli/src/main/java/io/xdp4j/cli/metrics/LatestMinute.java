// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

/** The highest value of the latest minute, when there is one a second: who looks once a minute misses none. */
final class LatestMinute {
    private final int[] values = new int[60];
    private int next;

    /** @return the highest of those kept */
    int add(int value) {
        values[next] = value;
        next = (next + 1) % values.length;
        int highest = 0;
        for (int each : values) {
            highest = Math.max(highest, each);
        }
        return highest;
    }
}

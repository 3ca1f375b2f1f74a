// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import io.xdp4j.cli.receive.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is served until the next sample; nobody changes it.
 *
 * @param backend as {@code --backend} has it
 * @param sample null before the first; its histograms are not to be read, for they do change
 * @param latencies of the sample's flows, in their order; none where the kernel gives no arrival time
 * @param fullest by queue: the highest of {@link io.xdp4j.cli.receive.QueueSample#fullest()} in the latest minute
 */
record Published(
        String interfaceName,
        String backend,
        Instant startedAt,
        Sample sample,
        List<BoundedLatencies> latencies,
        Map<Integer, Integer> fullest) {}

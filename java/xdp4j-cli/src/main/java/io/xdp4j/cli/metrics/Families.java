// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Metrics as they are filled in, a value at a time: those of one name are a family, with the help of the first.
 */
final class Families {
    private static final double[] LATENCY_BOUNDS = BoundedLatencies.bounds();

    private final Map<String, MetricSnapshot.Builder<?>> byName = new HashMap<>();

    /** What may fall. */
    void gauge(String name, String help, double value, Labels labels) {
        family(name, help, GaugeSnapshot::builder)
                .dataPoint(new GaugeDataPointSnapshot(value, labels, null));
    }

    /**
     * What only rises, or begins again at 0.
     *
     * @param name is told with {@code _total} behind it
     */
    void counter(String name, String help, double value, Labels labels) {
        family(name, help, CounterSnapshot::builder)
                .dataPoint(new CounterDataPointSnapshot(value, labels, null, 0));
    }

    /** @param name is told with {@code _info} behind it */
    void info(String name, String help, Labels labels) {
        family(name, help, InfoSnapshot::builder).dataPoint(new InfoDataPointSnapshot(labels));
    }

    void histogram(String name, String help, BoundedLatencies buckets, Labels labels) {
        family(name, help, HistogramSnapshot::builder)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(LATENCY_BOUNDS, buckets.counts()))
                        .sum(buckets.sumSeconds())
                        .labels(labels)
                        .build());
    }

    /** A name is always of one type. */
    @SuppressWarnings("unchecked")
    private <B extends MetricSnapshot.Builder<B>> B family(String name, String help, Supplier<B> type) {
        return (B) byName.computeIfAbsent(name, added -> type.get().name(added).help(help));
    }

    /** By name. */
    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        byName.values().forEach(family -> all.metricSnapshot(family.build()));
        return all.build();
    }
}

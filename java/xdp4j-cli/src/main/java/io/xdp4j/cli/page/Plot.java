// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/** What {@code plots.js} draws: figures, and words beside them. Each kind has a function of its name there. */
public sealed interface Plot {
    /** Of the element that it is drawn in; unique on its page. */
    String id();

    /** What it is of. */
    String title();

    /** What is to be seen, in a sentence or two: for those who do not see it, and for those who do. */
    String says();

    /** The kind. */
    @JsonProperty
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * A horizontal bar for each name, in one part or several.
     *
     * @param unit of the axis
     * @param names one a bar
     * @param parts of the bars; those of one bar are beside each other
     * @param ends what is written behind each bar
     * @param marks single figures beside the bars: a limit, or what a bar is the median of
     */
    record Bars(
            String id,
            String title,
            String says,
            String unit,
            List<String> names,
            List<Part> parts,
            List<String> ends,
            List<Dots> marks)
            implements Plot {}

    /** @param values one a bar; null where there is none */
    record Part(String name, List<Double> values) {}

    /** @param points each of a value and the number of its row */
    record Dots(String name, List<List<Double>> points) {}

    /**
     * A row for each name with dots on it.
     *
     * @param logarithmic the axis: a decade has the same length everywhere
     */
    record Rows(
            String id,
            String title,
            String says,
            String unit,
            boolean logarithmic,
            List<String> names,
            List<Dots> dots)
            implements Plot {}

    /**
     * A line for each name over the share of packets, which goes on towards 100 % in decades.
     *
     * @param unit of the vertical axis, which is logarithmic
     */
    record Percentiles(String id, String title, String says, String unit, List<Curve> curves) implements Plot {}

    /** @param points each of a share, 0 to less than 1, and a value */
    record Curve(String name, List<List<Double>> points) {}

    /**
     * One panel below the other over the same time.
     *
     * @param at milliseconds since 1970: where each point's time ends
     */
    record Timeline(String id, String title, String says, List<Long> at, List<Panel> panels) implements Plot {}

    /**
     * @param note what is written above it beside its name
     * @param top where the axis ends at least; null: with the highest figure
     * @param line what is drawn, null where there is none; so are the next two
     * @param least of the seconds that a point stands for; likewise {@code most}
     */
    record Panel(
            String name,
            String note,
            String unit,
            Double top,
            List<Double> line,
            List<Double> least,
            List<Double> most) {}
}

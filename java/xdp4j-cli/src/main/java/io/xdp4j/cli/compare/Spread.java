// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** One figure of several runs. */
record Spread(double median, double min, double max) {
    /** @return null when no run has it */
    static Spread of(List<Cell> cells, Function<Cell, Double> figure) {
        List<Double> sorted =
                cells.stream().map(figure).filter(Objects::nonNull).sorted().toList();
        if (sorted.isEmpty()) {
            return null;
        }
        int upper = sorted.size() / 2;
        int lower = (sorted.size() - 1) / 2;
        return new Spread(
                (sorted.get(lower) + sorted.get(upper)) / 2, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** Of the medians; null when there is none, or it is infinite. */
    static Double ratio(Spread one, Spread other) {
        return one == null || other == null || other.median == 0 ? null : one.median / other.median;
    }

    /** The lowest and the highest, for example {@code 70-81}. */
    static String range(Spread spread) {
        return spread == null ? "-" : Figures.rounded(spread.min) + "-" + Figures.rounded(spread.max);
    }

    static String median(Spread spread) {
        return spread == null ? "-" : Figures.rounded(spread.median);
    }
}

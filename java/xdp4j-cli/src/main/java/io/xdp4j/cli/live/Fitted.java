// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Figures;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Figures that keep to a number of columns: exact where they fit, else with as many digits as do. */
final class Fitted {
    private static final String UNITS = "kMGTPE";
    private static final int MOST_DECIMALS = 3;

    private Fitted() {}

    /** {@code 47,181}, {@code 47.2k}, {@code 1.234M}. */
    static String count(long value, int columns) {
        String exact = Figures.count(value);
        if (exact.length() <= columns) {
            return exact;
        }
        int unit = (Long.toString(value).length() - 1) / 3;
        String suffix = UNITS.substring(unit - 1, unit);
        return number(value / Math.pow(1_000, unit), columns - 1) + suffix;
    }

    /** {@code 0.012}, {@code 546.2}, {@code 1404}: with up to three decimals. */
    static String number(double value, int columns) {
        return number(value, MOST_DECIMALS, columns);
    }

    /** As above, with up to so many. */
    static String number(double value, int mostDecimals, int columns) {
        String text = "";
        BigDecimal exact = BigDecimal.valueOf(value); // with less of a formatter's garbage: see Figures
        for (int decimals = mostDecimals; decimals >= 0; decimals--) {
            text = exact.setScale(decimals, RoundingMode.HALF_UP).toPlainString();
            if (text.length() <= columns) {
                break;
            }
        }
        return text;
    }

    /** In microseconds, or else in the unit that it names: {@code 3.6}, {@code 9804}, {@code 12ms}, {@code 1.2s}. */
    static String micros(long ns, int columns) {
        double us = ns / 1e3;
        List<String> forms = new ArrayList<>();
        forms.add(us < 10 ? number(us, 1, columns) : Figures.count(Math.round(us)));
        if (us < 10_000) { // more digits in a row nobody reads
            forms.add(Long.toString(Math.round(us)));
        }
        forms.add(Math.round(ns / 1e6) + "ms");
        return forms.stream()
                .filter(form -> form.length() <= columns)
                .findFirst()
                .orElseGet(() -> number(ns / 1e9, 2, columns - 1) + "s");
    }

    /** {@code 7 s}, {@code 0:12:34}. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < TimeUnit.MINUTES.toSeconds(1) ? whole + " s" : clock(whole);
    }

    /** {@code 0:12:34} */
    static String clock(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.util.Locale;

/** Figures as people read them, the same in every locale. */
public final class Figures {
    private Figures() {}

    /** {@code 1,234,567}. No formatter: it makes some kilobytes of each figure, of which there are many. */
    public static String count(long value) {
        StringBuilder text = new StringBuilder().append(value);
        int first = value < 0 ? 1 : 0;
        for (int comma = text.length() - 3; comma > first; comma -= 3) {
            text.insert(comma, ',');
        }
        return text.toString();
    }

    /** {@code 38}, or {@code -} where there is none. */
    public static String rounded(Double value) {
        return value == null ? "-" : count(Math.round(value));
    }

    /** With one decimal: {@code 1,234.5}. */
    public static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    /** A share of a whole with two significant digits, and never 0 for something: {@code 2.0 %}, {@code 0.0043 %}. */
    public static String percent(long part, long whole) {
        double percent = 100.0 * part / whole;
        int digits = percent >= 10 || percent <= 0 ? 0 : 1 - (int) Math.floor(Math.log10(percent));
        return String.format(Locale.ROOT, "%." + digits + "f %%", percent);
    }

    /** Milliseconds with one decimal: {@code 5.3 ms}. */
    public static String milliseconds(double value) {
        return decimal(value) + " ms";
    }
}

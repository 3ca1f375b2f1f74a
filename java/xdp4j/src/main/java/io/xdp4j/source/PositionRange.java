// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which packets of a flow a pattern is about: positions {@code from}, {@code from + every}, … up to and including
 * {@code to}. A position is the index of a sequence number in its flow, from 0.
 *
 * @param from the first, 0 or more
 * @param to not before {@code from}
 * @param every 1 or more
 */
public record PositionRange(long from, long to, long every) {
    /** How many ranges a pattern may have: {@code XDP4J_SOURCE_RANGES}. */
    public static final int MAX_RANGES = 16;

    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18})(?:/(\\d{1,18}))?)?");

    /**
     * Checks the three; the message of the exception names what is wrong.
     *
     * @param from see {@link #from()}
     * @param to see {@link #to()}
     * @param every see {@link #every()}
     */
    public PositionRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("positions " + from + "-" + to + " run backwards or below 0");
        }
        if (every < 1) {
            throw new IllegalArgumentException(
                    "step " + every + " of positions " + from + "-" + to + ": use 1 or more");
        }
    }

    /**
     * Reads one range or several with commas between: {@code N}, {@code N-M} or {@code N-M/STEP}.
     *
     * @param text for example {@code 100,2000-2999,10000-19999/10}
     * @return the ranges, in the order of the text
     * @throws IllegalArgumentException whose message names the text and the remedy
     */
    public static List<PositionRange> parseList(String text) {
        return Arrays.stream(text.split(",", -1)).map(PositionRange::parse).toList();
    }

    private static PositionRange parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not N, N-M or N-M/STEP, for example 100,2000-2999,10000-19999/10");
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2) == null ? from : Long.parseLong(matcher.group(2));
        return new PositionRange(from, to, matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3)));
    }

    /** As {@link #parseList(String)} reads it. */
    @Override
    public String toString() {
        return from == to ? Long.toString(from) : from + "-" + to + (every == 1 ? "" : "/" + every);
    }
}

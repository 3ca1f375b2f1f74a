// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.TypeConversionException;

/** Lists of numbers as people type them and the kernel writes them, for example {@code 0,2-3}. */
public final class NumberList {
    private static final Pattern PART = Pattern.compile("(?<from>\\d{1,4})(-(?<to>\\d{1,4}))?");

    private NumberList() {}

    /**
     * The numbers in the order in which they stand there, at least one.
     *
     * @param expected what it should be a list of, and an example, for the refusal
     */
    public static List<Integer> parse(String text, String expected) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no list of " + expected);
            }
            int from = Integer.parseInt(matcher.group("from"));
            int to = matcher.group("to") == null ? from : Integer.parseInt(matcher.group("to"));
            if (to < from) {
                throw new TypeConversionException("'" + part + "' ends before it begins: use " + to + "-" + from);
            }
            IntStream.rangeClosed(from, to).forEach(numbers::add);
        }
        return List.copyOf(numbers);
    }

    /** As it is typed. */
    public static String text(List<Integer> numbers) {
        List<int[]> ranges = new ArrayList<>();
        for (int number : numbers) {
            int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last[1] == number - 1) {
                last[1] = number;
            } else {
                ranges.add(new int[] {number, number});
            }
        }
        return ranges.stream()
                .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "-" + range[1])
                .collect(Collectors.joining(","));
    }
}

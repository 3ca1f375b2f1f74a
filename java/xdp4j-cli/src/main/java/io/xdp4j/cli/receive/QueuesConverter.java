// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --queue}: {@code all}, or a list of RX queues such as {@code 0,2-3}; an empty list is all. */
final class QueuesConverter implements ITypeConverter<QueuesConverter.Queues> {
    static final String ALL = "all";

    private static final Pattern PART = Pattern.compile("(?<from>\\d{1,4})(-(?<to>\\d{1,4}))?");

    /**
     * Queues as asked for.
     *
     * @param numbers rising; empty for all that there are
     */
    record Queues(List<Integer> numbers) {
        /** Those of an interface. */
        List<Integer> of(int rxQueues) {
            return numbers.isEmpty() ? IntStream.range(0, rxQueues).boxed().toList() : numbers;
        }
    }

    @Override
    public Queues convert(String text) {
        if (text.equals(ALL)) {
            return new Queues(List.of());
        }
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no list of queues: use all, or for example 0 or 0,2-3");
            }
            int from = Integer.parseInt(matcher.group("from"));
            int to = matcher.group("to") == null ? from : Integer.parseInt(matcher.group("to"));
            if (to < from) {
                throw new TypeConversionException("'" + part + "' ends before it begins: use " + to + "-" + from);
            }
            IntStream.rangeClosed(from, to).forEach(numbers::add);
        }
        return new Queues(List.copyOf(numbers));
    }

    /** As it is typed: {@code 0,2-3}. */
    static String text(List<Integer> queues) {
        List<int[]> ranges = new ArrayList<>();
        for (int queue : queues) {
            int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last[1] == queue - 1) {
                last[1] = queue;
            } else {
                ranges.add(new int[] {queue, queue});
            }
        }
        return ranges.stream()
                .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "-" + range[1])
                .collect(Collectors.joining(","));
    }
}

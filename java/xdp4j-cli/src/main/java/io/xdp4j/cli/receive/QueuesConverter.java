// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;

/** The value of {@code --queue}: {@code all}, or a list of RX queues such as {@code 0,2-3}; an empty list is all. */
final class QueuesConverter implements ITypeConverter<QueuesConverter.Queues> {
    static final String ALL = "all";

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
        return new Queues(
                text.equals(ALL)
                        ? List.of()
                        : List.copyOf(
                                new TreeSet<>(NumberList.parse(text, "queues: use all, or for example 0 or 0,2-3"))));
    }
}

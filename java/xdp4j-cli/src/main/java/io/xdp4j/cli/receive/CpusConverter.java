// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.List;
import picocli.CommandLine.ITypeConverter;

/** The value of {@code --cpu}: a list of CPUs such as {@code 2,3} or {@code 2-5}, in the order of the queues. */
final class CpusConverter implements ITypeConverter<CpusConverter.Cpus> {
    /** As typed; a type of its own, for picocli takes an option that is a list for one that is given several times. */
    record Cpus(List<Integer> numbers) {}

    @Override
    public Cpus convert(String text) {
        return new Cpus(NumberList.parse(text, "CPUs: use for example 2 or 2,4-5"));
    }
}

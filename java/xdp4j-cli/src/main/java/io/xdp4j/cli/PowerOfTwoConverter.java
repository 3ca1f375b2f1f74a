// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The size of a ring in descriptors: the kernel takes powers of two only, for it masks the index. */
public final class PowerOfTwoConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (!text.matches("\\d{1,10}")) {
            throw new TypeConversionException("'" + text + "' is not a power of two, for example 32768");
        }
        long number = Long.parseLong(text);
        if (number > 1 << 30) {
            throw new TypeConversionException(text + " descriptors are too many: use 32768");
        }
        if (Long.bitCount(number) != 1) {
            long below = Long.highestOneBit(number);
            throw new TypeConversionException(text + " is not a power of two: use "
                    + (below == 0 ? "1" : below + " or " + 2 * below));
        }
        return (int) number;
    }
}

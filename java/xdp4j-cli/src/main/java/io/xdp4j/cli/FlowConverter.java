// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import io.xdp4j.packet.Flow;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code GROUP:PORT} or {@code GROUP:PORT@SOURCE}; see {@link Flow#parse(String)}. */
public final class FlowConverter implements ITypeConverter<Flow> {
    @Override
    public Flow convert(String text) {
        try {
            return Flow.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

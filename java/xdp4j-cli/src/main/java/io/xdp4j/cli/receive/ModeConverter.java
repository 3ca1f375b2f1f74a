// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.xdp.Mode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --mode}, as it is typed. */
final class ModeConverter implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String text) {
        return switch (text) {
            case "auto" -> Mode.AUTO;
            case "native" -> Mode.NATIVE;
            case "generic" -> Mode.GENERIC;
            case "zero-copy" -> Mode.ZERO_COPY;
            default -> throw new TypeConversionException(
                    "'" + text + "' is none of auto, native, generic and zero-copy");
        };
    }
}

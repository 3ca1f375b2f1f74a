// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes: {@code 65536}, {@code 64K}, {@code 100M}, {@code 2G}; a K is 1,024. */
final class BytesConverter implements ITypeConverter<Long> {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,15})([KMG]?)");

    @Override
    public Long convert(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text
                    + "' is not a number of bytes: write a whole number, and K, M or G if you like, for example 500M");
        }
        int shift = switch (matcher.group(2)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new TypeConversionException("'" + text + "' is more than any file has: use less, for example 500G");
        }
        return number << shift;
    }
}

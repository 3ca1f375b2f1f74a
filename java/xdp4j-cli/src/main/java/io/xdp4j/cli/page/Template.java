// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with names in it, as {@code {{name}}}, for which something else is put. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private Template() {}

    /** What is put in is not looked at: it may have such names in it, and they stay. */
    static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(template).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing to put for " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.util.regex.Pattern;

/** Text as HTML has it. */
final class Html {
    /** What a sentence begins with that is of a certain kind: {@code Known from: }. */
    private static final Pattern LABEL = Pattern.compile("^([A-Z][a-z]+(?: [a-z]+){0,2}): ");

    /** An option of this program with its value, as advice has them. */
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*(?: (?:\\d[\\d,-]*|spin|generic))?");

    /** Something to be typed, as messages have it. */
    private static final Pattern TYPED = Pattern.compile("`([^`]+)`");

    private Html() {}

    /** A sentence for people: what kind it is, options, and what is to be typed stand out. */
    static String sentence(String text) {
        String html = OPTION.matcher(text(text)).replaceAll("<code>$0</code>");
        html = TYPED.matcher(html).replaceAll("<code>$1</code>");
        return LABEL.matcher(html).replaceFirst("<strong>$1:</strong> ");
    }

    /** For the content of an element, and for the value of an attribute in double quotes. */
    static String text(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                default -> html.append(c == '\t' || c == '\n' || !Character.isISOControl(c) ? c : '\uFFFD');
            }
        }
        return html.toString();
    }
}

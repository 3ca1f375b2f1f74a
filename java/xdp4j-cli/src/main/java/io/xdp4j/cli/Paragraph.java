// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.util.ArrayList;
import java.util.List;

/** Sentences as lines for a terminal. */
public final class Paragraph {
    /** Columns that all output keeps to. */
    public static final int WIDTH = 120;

    private Paragraph() {}

    /**
     * Breaks between words. A word that is longer than a line has one to itself.
     *
     * @param indent spaces before each line
     */
    public static List<String> lines(int indent, String text) {
        return lines(indent, text, WIDTH);
    }

    /**
     * The same for a narrower terminal.
     *
     * @param width columns
     */
    public static List<String> lines(int indent, String text, int width) {
        String margin = " ".repeat(indent);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(margin);
        for (String word : text.strip().split("\\s+")) {
            boolean first = line.length() == indent;
            if (!first && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(margin);
                first = true;
            }
            line.append(first ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.util.List;

/**
 * A sentence or two among others, of which some say more about the one before them.
 *
 * @param depth columns that it is indented by on a terminal: 0, 2, 4
 */
public record Statement(int depth, String text) {
    /** For a terminal. */
    public List<String> lines() {
        return Paragraph.lines(depth, text);
    }

    /** For a terminal. */
    public static List<String> lines(List<Statement> statements) {
        return statements.stream().flatMap(statement -> statement.lines().stream()).toList();
    }
}

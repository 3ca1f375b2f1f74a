// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

/** A line of the screen. What it means is in its words; its look only leads the eye there. */
record Line(String text, Look look) {
    /** Select Graphic Rendition of ECMA-48. */
    enum Look {
        PLAIN("", ""),
        HEADING("1", "1"),
        ALARM("1", "1;31");

        private final String black;
        private final String coloured;

        Look(String black, String coloured) {
            this.black = black;
            this.coloured = coloured;
        }

        String rendition(boolean colour) {
            return colour ? coloured : black;
        }
    }

    static Line plain(String text) {
        return new Line(text, Look.PLAIN);
    }

    static Line heading(String text) {
        return new Line(text, Look.HEADING);
    }

    static Line alarm(String text) {
        return new Line(text, Look.ALARM);
    }

    /** What of it stands on a screen so wide. */
    String cut(int columns) {
        return text.length() <= columns ? text : text.substring(0, columns);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.util.List;

/**
 * Figures for people, as text.
 *
 * @param caption what they are
 * @param heads of the columns; the first one's cells say what a row is of
 * @param rows as many cells each as there are heads
 */
public record DataTable(String caption, List<Head> heads, List<List<String>> rows) {
    /** More columns need smaller letters on a sheet of A4. */
    private static final int MOST_ON_PAPER = 9;

    /**
     * @param unit of the figures below, or empty
     * @param meaning what they are; empty where the name says it
     * @param words whether there are words below, and no figures
     */
    public record Head(String name, String unit, String meaning, boolean words) {
        public static Head of(String name) {
            return of(name, "", "");
        }

        public static Head of(String name, String unit, String meaning) {
            return new Head(name, unit, meaning, false);
        }

        public static Head ofWords(String name) {
            return new Head(name, "", "", true);
        }
    }

    String html() {
        StringBuilder html = new StringBuilder();
        html.append("<div class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.text(caption))
                .append("\">\n<table")
                .append(heads.size() > MOST_ON_PAPER ? " class=\"wide\"" : "")
                .append(">\n<caption>")
                .append(Html.text(caption))
                .append("</caption>\n<thead><tr>");
        heads.forEach(head -> html.append("<th scope=\"col\"")
                .append(style(head))
                .append(heading(head))
                .append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        rows.forEach(row -> row(row, html));
        return html.append("</tbody>\n</table>\n</div>\n").append(legend()).toString();
    }

    private static String heading(Head head) {
        return Html.text(head.name())
                + (head.unit().isEmpty() ? "" : " <span class=\"unit\">" + Html.text(head.unit()) + "</span>");
    }

    private static String style(Head head) {
        return head.words() ? " class=\"words\">" : ">";
    }

    private void row(List<String> cells, StringBuilder html) {
        html.append("<tr><th scope=\"row\">").append(Html.text(cells.get(0))).append("</th>");
        for (int i = 1; i < cells.size(); i++) {
            html.append("<td").append(style(heads.get(i))).append(Html.text(cells.get(i))).append("</td>");
        }
        html.append("</tr>\n");
    }

    private String legend() {
        List<Head> explained =
                heads.stream().filter(head -> !head.meaning().isEmpty()).toList();
        if (explained.isEmpty()) {
            return "";
        }
        StringBuilder html =
                new StringBuilder("<details class=\"legend\"><summary>What the columns are</summary>\n<dl>\n");
        explained.forEach(head -> html.append("<div><dt>")
                .append(heading(head))
                .append("</dt><dd>")
                .append(Html.text(head.meaning()))
                .append("</dd></div>\n"));
        return html.append("</dl>\n</details>\n").toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import io.xdp4j.cli.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A page of words, tables and plots in one file that needs no network: what is added comes in this order. All texts are
 * plain, and escaped here. What the plots show stands in tables as well, so that the page says the same without script.
 *
 * <p>Threads: one.
 */
public final class Page {
    /** Rows that a reader can take in; a longer table is opened on demand. */
    private static final int LONG_TABLE = 40;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final String command;
    private final String title;
    private final String when;
    private final StringBuilder content = new StringBuilder();
    private final List<Plot> plots = new ArrayList<>();
    private boolean inSection;

    /**
     * @param command what made it, for example {@code xdp4j receive}
     * @param title what it is of
     * @param when and where, in a few words
     */
    public Page(String command, String title, String when) {
        this.command = command;
        this.title = title;
        this.when = when;
    }

    /** A time as pages have it: {@code 2026-01-31 23:59:59 UTC}. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** What comes from here on is under this heading. */
    public Page section(String heading) {
        endSection();
        content.append("<section>\n<h2>").append(Html.text(heading)).append("</h2>\n");
        inSection = true;
        return this;
    }

    private void endSection() {
        if (inSection) {
            content.append("</section>\n");
        }
    }

    /** The one sentence for who reads no other. */
    public Page lead(String text) {
        return element("p class=\"lead\"", "p", text);
    }

    public Page paragraph(String text) {
        return element("p", "p", text);
    }

    private Page element(String start, String name, String text) {
        content.append('<').append(start).append('>').append(Html.text(text)).append("</").append(name).append(">\n");
        return this;
    }

    /** Figures that matter most, each with its name. */
    public Page tiles(Map<String, String> figures) {
        return terms("tiles", figures);
    }

    /** Names, and what stands for each. */
    public Page terms(Map<String, String> values) {
        return terms("terms", values);
    }

    private Page terms(String kind, Map<String, String> values) {
        content.append("<dl class=\"").append(kind).append("\">\n");
        values.forEach((name, value) -> content.append("<div><dt>")
                .append(Html.text(name))
                .append("</dt><dd>")
                .append(Html.sentence(value))
                .append("</dd></div>\n"));
        content.append("</dl>\n");
        return this;
    }

    /** Those without a depth are headings, those of 2 what is said, and those below that more about it. */
    public Page statements(List<Statement> statements) {
        boolean inList = false;
        boolean inItem = false;
        for (Statement statement : statements) {
            if (inItem && statement.depth() <= 2) {
                content.append("</li>\n");
                inItem = false;
            }
            if (inList && statement.depth() == 0) {
                content.append("</ul>\n");
                inList = false;
            }
            if (statement.depth() == 0) {
                element("h3", "h3", statement.text());
                continue;
            }
            if (!inList) {
                content.append("<ul class=\"says\">\n");
                inList = true;
            }
            if (!inItem) {
                content.append("<li>");
                inItem = true;
            }
            content.append("<p>").append(Html.sentence(statement.text())).append("</p>\n");
        }
        content.append(inItem ? "</li>\n" : "").append(inList ? "</ul>\n" : "");
        return this;
    }

    public Page table(DataTable table) {
        content.append(table.html());
        return this;
    }

    /** @param table the same figures */
    public Page plot(Plot plot, DataTable table) {
        plots.add(plot);
        String id = Html.text(plot.id());
        content.append("<figure>\n<div class=\"drawn\">\n<figcaption><h3>")
                .append(Html.text(plot.title()))
                .append("</h3>\n<p>")
                .append(Html.text(plot.says()))
                .append("</p></figcaption>\n<div class=\"plot\" id=\"")
                .append(id)
                .append("\" role=\"img\" aria-label=\"")
                .append(Html.text(plot.title() + ". " + plot.says() + " The figures are in the table below."))
                .append("\"></div>\n</div>\n");
        if (table.rows().size() > LONG_TABLE || plot instanceof Plot.Timeline || plot instanceof Plot.Percentiles) {
            content.append("<details class=\"figures\"><summary>The figures (")
                    .append(table.rows().size())
                    .append(" rows)</summary>\n")
                    .append(table.html())
                    .append("</details>\n");
        } else {
            table(table);
        }
        content.append("</figure>\n");
        return this;
    }

    /**
     * All of it.
     *
     * @throws IOException when this program is not whole
     */
    public byte[] bytes() throws IOException {
        endSection();
        inSection = false;
        Library library = Library.load();
        String script = Resource.text("plots.js");
        String html = Template.fill(
                Resource.text("page.html"),
                Map.ofEntries(
                        Map.entry("policy", ContentPolicy.allowing(library.script(), script)),
                        Map.entry("title", Html.text(title)),
                        Map.entry("command", Html.text(command)),
                        Map.entry("when", Html.text(when)),
                        Map.entry("style", Resource.text("page.css")),
                        Map.entry("content", content.toString()),
                        Map.entry("libraryName", Html.text(library.name())),
                        Map.entry("licences", Html.text(library.licences())),
                        Map.entry("data", ScriptJson.of(plots)),
                        Map.entry("library", library.script()),
                        Map.entry("script", script)));
        return html.getBytes(StandardCharsets.UTF_8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.page.DataTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How a table of figures stands on a terminal: a heading of two lines, a row for each thing, and a legend.
 *
 * @param <T> what a row shows
 */
final class Columns<T> {
    /**
     * @param name first line of the heading
     * @param unit second line of the heading
     * @param value what stands there
     * @param meaning for the legend
     */
    record Column<T>(String name, String unit, Function<T, String> value, String meaning) {}

    private final List<Column<T>> columns;
    private final List<T> rows;

    Columns(List<Column<T>> columns, List<T> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /** Heading and rows. */
    List<String> lines() {
        List<Integer> widths = columns.stream().map(this::width).toList();
        int sum = widths.stream().mapToInt(Integer::intValue).sum();
        String gap = sum + 2 * (widths.size() - 1) <= Paragraph.WIDTH ? "  " : " ";
        List<String> lines = new ArrayList<>();
        lines.add(line(widths, gap, Column::name));
        lines.add(line(widths, gap, Column::unit));
        rows.forEach(row -> lines.add(line(widths, gap, column -> column.value().apply(row))));
        return lines;
    }

    /** One line a column. */
    List<String> legend() {
        return columns.stream()
                .map(column -> String.format("  %-10s%s", column.name(), column.meaning()))
                .toList();
    }

    /** For a page. */
    DataTable table(String caption) {
        return new DataTable(
                caption,
                columns.stream()
                        .map(column -> DataTable.Head.of(column.name(), column.unit(), column.meaning()))
                        .toList(),
                rows.stream()
                        .map(row -> columns.stream().map(column -> column.value().apply(row)).toList())
                        .toList());
    }

    private int width(Column<T> column) {
        int widest = Math.max(column.name().length(), column.unit().length());
        for (T row : rows) {
            widest = Math.max(widest, column.value().apply(row).length());
        }
        return widest;
    }

    /** The first column stands left, figures stand right. */
    private String line(List<Integer> widths, String gap, Function<Column<T>, String> text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String value = text.apply(columns.get(i));
            String padding = " ".repeat(widths.get(i) - value.length());
            line.append(i == 0 ? value + padding : gap + padding + value);
        }
        return line.toString().stripTrailing();
    }
}

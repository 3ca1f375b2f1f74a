// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.live.FlowState.Health;
import io.xdp4j.cli.receive.LedgerText;
import io.xdp4j.cli.receive.ReceiveSettings;
import java.util.ArrayList;
import java.util.List;

/** All that is on the screen: a head, the flows, the news. */
final class Page {
    /** Of the mode in force; the rest of it is cut. */
    private static final int MOST_MODE_LINES = 2;

    private static final int LEAST_NEWS_LINES = 4;

    private final String interfaceName;
    private final String mode;
    private final News news;

    /**
     * @param inForce as it is said to observers
     * @param news may grow
     */
    Page(ReceiveSettings settings, String inForce, News news) {
        this.interfaceName = settings.interfaceName();
        this.mode = settings.backend() + ", " + inForce + ", idle " + settings.idle().text();
        this.news = news;
    }

    /**
     * @param second null until one has passed
     * @return not more lines than the screen has; they may be too long for it
     */
    List<Line> lines(FlowWatch.Second second, Size screen) {
        List<Line> below = news.lines(new Size(screen.columns(), Math.max(LEAST_NEWS_LINES, screen.rows() / 5)));
        List<Line> lines = new ArrayList<>();
        if (second == null) {
            lines.add(Line.heading("receive on " + interfaceName));
            lines.addAll(mode(screen));
        } else {
            lines.add(title(second, screen));
            lines.addAll(mode(screen));
            lines.add(totals(second, screen));
            int left = screen.rows() - lines.size() - below.size();
            lines.addAll(new FlowTable(second, new Size(screen.columns(), left)).lines());
        }
        if (!below.isEmpty() && lines.size() + below.size() < screen.rows()) {
            lines.add(Line.plain(""));
        }
        lines.addAll(below);
        return lines.subList(0, Math.min(lines.size(), screen.rows()));
    }

    /** {@code receive on eth1: 100 flows, 92 losing, 8 well                            0:12:34} */
    private Line title(FlowWatch.Second second, Size screen) {
        int flows = second.flows().size();
        String left = "receive on " + interfaceName + ": "
                + (flows == 1 ? "1 flow" : Figures.count(flows) + " flows")
                + (flows == 0 ? "" : ", " + FlowTable.words(second.flows()));
        String right = Fitted.clock((long) second.elapsedSeconds());
        int room = screen.columns() - right.length() - 1;
        String text = left.length() <= room
                ? left + " ".repeat(room - left.length())
                : left.substring(0, Math.max(room, 0));
        boolean isAlarming = second.flows().stream().map(FlowState::health).anyMatch(Health::isAlarming);
        return new Line(text + " " + right, isAlarming ? Line.Look.ALARM : Line.Look.HEADING);
    }

    private List<Line> mode(Size screen) {
        return Paragraph.lines(0, mode, screen.columns()).stream()
                .limit(MOST_MODE_LINES)
                .map(Line::plain)
                .toList();
    }

    private static Line totals(FlowWatch.Second second, Size screen) {
        String received = "received " + Figures.count(second.all().received()) + "   ";
        return Line.plain(received + LedgerText.lost(second.all().ledger(), screen.columns() - received.length()));
    }
}

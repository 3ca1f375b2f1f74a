// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.receive.FlowChange;
import io.xdp4j.cli.receive.ReceiveObserver;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Notes, warnings and reloads: the latest are shown below the flows, and all are said when the view has gone. */
final class News {
    /** More than these nobody reads. */
    private static final int MOST_KEPT = 200;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss ");

    private final Clock clock;
    private final Deque<Item> items = new ArrayDeque<>();
    private long forgotten;

    private record Item(String time, String text, Saying saying) {}

    @FunctionalInterface
    private interface Saying {
        void to(ReceiveObserver observer) throws IOException;
    }

    News(Clock clock) {
        this.clock = clock;
    }

    void note(String text) {
        add(text, observer -> observer.note(text));
    }

    void warning(String text) {
        add("warning: " + text, observer -> observer.warning(text));
    }

    void changed(FlowChange change) {
        String failed = change.failures().isEmpty()
                ? ""
                : "; warning: " + change.failures().get(0)
                        + (change.failures().size() == 1
                                ? ""
                                : "; and " + Figures.count(change.failures().size() - 1) + " more");
        add("flows: " + Figures.count(change.added().size()) + " added, "
                + Figures.count(change.removed().size()) + " removed" + failed,
                observer -> observer.changed(change));
    }

    private void add(String text, Saying saying) {
        items.addLast(new Item(TIME.format(LocalTime.now(clock)), text.replaceAll("\\p{Cntrl}", " "), saying));
        if (items.size() > MOST_KEPT) {
            items.removeFirst();
            forgotten++;
        }
    }

    /** The latest ones, whole, as many as there is room for; of one that is too long its beginning. */
    List<Line> lines(Size room) {
        List<Line> lines = new ArrayList<>();
        for (var latest = items.descendingIterator(); latest.hasNext(); ) {
            Item item = latest.next();
            List<String> wrapped = Paragraph.lines(item.time().length(), item.text(), room.columns());
            if (lines.size() + wrapped.size() > room.rows() && !lines.isEmpty()) {
                break;
            }
            List<Line> more = new ArrayList<>();
            for (String line : wrapped.subList(0, Math.min(wrapped.size(), room.rows()))) {
                more.add(Line.plain(more.isEmpty() ? item.time() + line.stripLeading() : line));
            }
            lines.addAll(0, more);
        }
        return lines;
    }

    /** Says them again, in order. */
    void tell(ReceiveObserver observer) throws IOException {
        if (forgotten > 0) {
            observer.warning(Figures.count(forgotten) + " earlier ones are not said again");
        }
        for (Item item : items) {
            item.saying().to(observer);
        }
    }
}

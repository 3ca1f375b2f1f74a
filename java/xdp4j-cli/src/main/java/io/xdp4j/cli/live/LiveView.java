// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Signals;
import io.xdp4j.cli.receive.FlowChange;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * How receiving goes, on a terminal: a table of the flows, refreshed in place. When it ends the terminal is as it was,
 * and what should be kept is said in lines: the first words, notes, warnings and reloads.
 *
 * <p>Threads: that of the observers, and those of signals; calls wait for each other.
 */
public final class LiveView implements ReceiveObserver, Closeable {
    private final Terminal terminal;
    private final ReceiveObserver lines;
    private final Screen screen;
    private final FlowWatch watch = new FlowWatch();
    private final News news = new News(Clock.systemDefaultZone());
    private final List<Runnable> signalsBefore = new ArrayList<>();
    private Beginning beginning; // null until there is something to show
    private FlowWatch.Second second; // null until one has passed
    private Size size;

    private record Beginning(ReceiveSettings settings, String inForce, Page page) {}

    /** @param lines told at the end what should be kept */
    public LiveView(Terminal terminal, ReceiveObserver lines) {
        this.terminal = terminal;
        this.lines = lines;
        this.screen = new Screen(terminal);
    }

    @Override
    public synchronized void receiving(ReceiveSettings settings, String inForce) throws IOException {
        beginning = new Beginning(settings, inForce, new Page(settings, inForce, news));
        size = terminal.size();
        signalsBefore.add(Signals.handle("WINCH", this::resized));
        signalsBefore.add(Signals.handle("TSTP", this::suspended)); // Ctrl-Z
        signalsBefore.add(Signals.handle("CONT", this::continued));
        draw();
    }

    @Override
    public synchronized void sampled(Sample sample) throws IOException {
        second = watch.second(sample);
        draw();
    }

    @Override
    public synchronized void changed(FlowChange change) throws IOException {
        news.changed(change);
        draw();
    }

    @Override
    public synchronized void note(String text) throws IOException {
        news.note(text);
        draw();
    }

    @Override
    public synchronized void warning(String text) throws IOException {
        news.warning(text);
        draw();
    }

    @Override
    public void ended(Sample last, ReceiveReport report) throws IOException {
        close();
    }

    /** Not while a shell has the terminal. */
    private void draw() throws IOException {
        if (beginning != null && Terminal.isOurs()) {
            screen.show(beginning.page().lines(second, size), size);
        }
    }

    private synchronized void resized() {
        size = terminal.size();
        continued();
    }

    private synchronized void continued() {
        try {
            draw();
        } catch (IOException e) {
            // the next sample will find it, and say so
        }
    }

    /** Leaves the terminal to the shell, and does what the signal does by default. */
    private synchronized void suspended() {
        try {
            screen.leave();
            String pid = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-STOP", pid).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        signalsBefore.forEach(Runnable::run);
        signalsBefore.clear();
        try {
            screen.close();
        } finally {
            if (beginning != null) {
                lines.receiving(beginning.settings(), beginning.inForce());
                news.tell(lines);
                beginning = null;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.OutputFile;
import io.xdp4j.cli.receive.FlowChange;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code receive --report}: keeps what a page needs, and writes it when the receivers have ended. */
public final class ReportObserver implements ReceiveObserver {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** A run of weeks must not fill the memory with its news. */
    private static final int MOST_EVENTS = 200;

    private final OutputFile file;
    private final RunHistory history = new RunHistory();
    private final List<Run.Event> events = new ArrayList<>();
    private ReceiveSettings settings;
    private String inForce;
    private Instant begin;
    private int eventsLeftOut;
    private Optional<String> broken = Optional.empty();

    public ReportObserver(OutputFile file) {
        this.file = file;
    }

    @Override
    public void receiving(ReceiveSettings settings, String inForce) {
        this.settings = settings;
        this.inForce = inForce;
        this.begin = Instant.now();
    }

    @Override
    public void sampled(Sample sample) {
        history.add(sample);
    }

    @Override
    public void changed(FlowChange change) {
        history.removed(change.removed());
        add("Flows were read again: " + named("added", change.added()) + ", " + named("removed", change.removed())
                + change.failures().stream().map(failure -> "; " + failure).collect(Collectors.joining()));
    }

    private static String named(String what, List<?> flows) {
        return flows.size() > RunHistory.MOST_NAMED || flows.isEmpty()
                ? flows.size() + " " + what
                : what + " " + flows.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    @Override
    public void warning(String text) {
        add(text);
    }

    private void add(String text) {
        if (events.size() < MOST_EVENTS) {
            events.add(new Run.Event(Instant.now(), text));
        } else {
            eventsLeftOut++;
        }
    }

    @Override
    public void broken(String why) {
        broken = Optional.of(why);
    }

    @Override
    public void ended(Sample last, ReceiveReport report) throws IOException {
        history.add(last);
        if (eventsLeftOut > 0) {
            events.add(new Run.Event(last.at(), "and " + eventsLeftOut + " more"));
        }
        Run run = new Run(
                settings,
                inForce,
                Machine.ofThis(Runtime.getRuntime().availableProcessors()),
                Files.readString(HOST_NAME).strip(),
                begin,
                history,
                events,
                broken,
                last,
                report);
        file.write(ReceptionPage.of(run).bytes());
    }
}

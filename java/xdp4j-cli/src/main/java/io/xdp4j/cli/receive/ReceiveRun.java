// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.cli.status.StatusPage;
import io.xdp4j.ledger.LedgerSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Receives for a while, and says once a second what came. */
public final class ReceiveRun {
    private static final long REPORT_NS = 1_000_000_000;

    private final ReceiveSettings settings;
    private final JfrObserver flightRecorder = new JfrObserver();
    private final Observers observers;
    private final Interruption interruption;
    private final Optional<FlowList> flowList;
    private final Optional<Recording> recording;
    private final String startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

    private ReceiveRun(
            ReceiveSettings settings,
            List<ReceiveObserver> observers,
            Interruption interruption,
            Optional<FlowList> flowList,
            Optional<Recording> recording) {
        this.settings = settings;
        List<ReceiveObserver> all = new ArrayList<>(observers);
        all.add(flightRecorder);
        this.observers = new Observers(all);
        this.interruption = interruption;
        this.flowList = flowList;
        this.recording = recording;
    }

    /**
     * Opens the sockets, receives, and closes them.
     *
     * @param seconds how long; null until a signal comes
     * @param observers told in this order
     * @param interruption which ends it early
     * @throws IOException when it could not even begin, or its counters cannot be read
     */
    public static Received receive(
            ReceiveSettings settings, Integer seconds, List<ReceiveObserver> observers, Interruption interruption)
            throws IOException {
        return new ReceiveRun(settings, observers, interruption, Optional.empty(), Optional.empty())
                .receive(seconds);
    }

    /**
     * As above.
     *
     * @param flowList from which the flows are read again on each SIGHUP
     * @param observers which may record
     */
    static Received receive(
            ReceiveSettings settings,
            Optional<FlowList> flowList,
            Integer seconds,
            OpenObservers observers,
            Interruption interruption)
            throws IOException {
        return new ReceiveRun(settings, observers.all(), interruption, flowList, observers.recording())
                .receive(seconds);
    }

    private Received receive(Integer seconds) throws IOException {
        try (flightRecorder;
                ReloadSignal reload = flowList.map(list -> ReloadSignal.watch(interruption)).orElse(null);
                Reception reception = Reception.start(settings, recording);
                StatusPage page = StatusPage.open()) {
            Sampler sampler = new Sampler(reception);
            say(page, reception, reception.ledger());
            String inForce = reception.inForce();
            observers.tell(observer -> observer.receiving(settings, inForce));
            settings.warning().ifPresent(this::warn);
            settings.wanted().notes().forEach(this::warn);
            Received received = recorded(reception.finish(watch(reception, sampler, page, reload, seconds)));
            List<String> news = reception.news(); // of the last moments
            news.forEach(this::warn);
            Sample last = sampler.last(received);
            observers.tell(observer -> observer.ended(last, received.report()));
            return received.with(received.mishap()
                    .or(() -> news.stream().findFirst())
                    .or(() -> observers.failures().stream().findFirst()));
        }
    }

    private Received recorded(Received received) throws IOException {
        return recording.isPresent() ? received.with(recording.get().finish(received.ledger())) : received;
    }

    /** Until the time is over or a signal comes. What went wrong, whether or not that ended it. */
    private Optional<String> watch(
            Reception reception, Sampler sampler, StatusPage page, ReloadSignal reload, Integer seconds)
            throws IOException {
        InterfaceWatch interfaceWatch = new InterfaceWatch(settings.device());
        Optional<String> onTheWay = Optional.empty();
        long start = System.nanoTime();
        for (int tick = 1; seconds == null || tick <= seconds; tick++) {
            while (!interruption.sleepUntil(start + tick * REPORT_NS)) {
                if (interruption.isRequested()) {
                    return onTheWay;
                }
                if (reload != null && reload.hasCome()) {
                    reload(reception, sampler);
                }
            }
            Sample sample = sampler.take();
            observers.tell(observer -> observer.sampled(sample));
            say(page, reception, sample.ledger());
            Optional<String> mishap = reception.failure().or(interfaceWatch::gone);
            if (mishap.isPresent()) {
                observers.tell(observer -> observer.broken(mishap.get()));
                return mishap;
            }
            List<String> news = new ArrayList<>(reception.news());
            news.addAll(interfaceWatch.changes());
            news.forEach(this::warn);
            onTheWay = onTheWay.or(() -> news.stream().findFirst());
        }
        return onTheWay;
    }

    private void warn(String text) {
        observers.tell(observer -> observer.warning(text));
    }

    /** For `xdp4j status`. */
    private void say(StatusPage page, Reception reception, LedgerSnapshot ledger) throws IOException {
        page.write(new RunStatus(
                ProcessHandle.current().pid(),
                startedAt,
                settings.backend().toString(),
                settings.interfaceName(),
                reception.status(),
                ledger.flows().stream()
                        .map(flow -> new RunStatus.FlowStatus(
                                flow.flow().toString(), flow.delivered(), flow.lost(), flow.unexplained()))
                        .toList()));
    }

    private void reload(Reception reception, Sampler sampler) {
        try {
            WantedFlows wanted = flowList.orElseThrow().read();
            FlowChange change = reception.change(wanted);
            sampler.changed(change);
            observers.tell(observer -> observer.changed(change));
            wanted.notes().forEach(this::warn);
        } catch (BadInput e) {
            warn("the flows stay as they are: " + e.getMessage());
        }
    }
}

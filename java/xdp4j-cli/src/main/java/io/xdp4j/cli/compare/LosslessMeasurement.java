// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.Idle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code compare --lossless}: for one source after the other, the highest rate at which nothing is lost. */
final class LosslessMeasurement implements Measurement {
    /** Of the search: its result is confirmed by longer ones. */
    private static final int LONGEST_SEARCH_SECONDS = 2;

    private final LosslessSettings settings;
    private final List<Backend> backends;
    private final Idle idle;
    private final List<Throughput> results = new ArrayList<>();
    private final List<Trial> trials = new ArrayList<>(); // of the source that is being searched

    LosslessMeasurement(List<Backend> backends, Idle idle, int seconds, int sizeBytes, Cpus cpus) {
        this.backends = backends;
        this.idle = idle;
        this.settings = new LosslessSettings(
                backends.stream().map(Backend::toString).toList(),
                idle.text(),
                1,
                Math.min(seconds, LONGEST_SEARCH_SECONDS),
                seconds,
                ThroughputSearch.CONFIRMATIONS,
                sizeBytes,
                cpus.explained());
    }

    @Override
    public void run(CellRun cellRun, Progress progress) throws IOException, InterruptedException, CellFailed {
        for (Backend backend : backends) {
            Trial limit = run(
                    Trial.Kind.LIMIT,
                    Plan.saturating(backend, idle, settings.searchSeconds()),
                    cellRun,
                    progress);
            ThroughputSearch search = new ThroughputSearch(limit.sentPps(), limit.received() / limit.elapsedSeconds());
            while (!search.isOver()) {
                search.took(next(backend, search, cellRun, progress).outcome());
            }
            results.add(Throughput.of(backend, search, trials));
            trials.clear();
        }
    }

    private Trial next(Backend backend, ThroughputSearch search, CellRun cellRun, Progress progress)
            throws IOException, InterruptedException, CellFailed {
        return search.isConfirming()
                ? run(
                        Trial.Kind.CONFIRMATION,
                        Plan.ofOneFlow(backend, idle, search.ratePps(), settings.confirmationSeconds()),
                        cellRun,
                        progress)
                : run(
                        Trial.Kind.SEARCH,
                        Plan.ofOneFlow(backend, idle, search.ratePps(), settings.searchSeconds()),
                        cellRun,
                        progress);
    }

    private Trial run(Trial.Kind kind, Plan plan, CellRun cellRun, Progress progress)
            throws IOException, InterruptedException, CellFailed {
        String position = "source " + (results.size() + 1) + " of " + backends.size() + ", trial "
                + (trials.size() + 1) + ", " + kind;
        Trial trial = Trial.of(kind, plan, cellRun.run(position, plan));
        trials.add(trial);
        progress.finished(trial.result());
        return trial;
    }

    @Override
    public boolean isEmpty() {
        return results.isEmpty() && trials.isEmpty();
    }

    @Override
    public String reached() {
        return results.size() + " of " + backends.size() + " sources";
    }

    @Override
    public LosslessReport findings(boolean complete, Machine machine) {
        List<Throughput> all = new ArrayList<>(results);
        if (!trials.isEmpty()) {
            all.add(Throughput.unfinished(backends.get(results.size()), trials));
        }
        return LosslessReport.of(complete, machine, settings, all);
    }
}

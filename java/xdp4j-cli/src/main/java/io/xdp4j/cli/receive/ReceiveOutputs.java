// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.OutputFile;
import io.xdp4j.cli.hdr.LatencyLog;
import io.xdp4j.cli.metrics.MetricsAddress;
import io.xdp4j.cli.metrics.MetricsObserver;
import io.xdp4j.cli.record.RecordOptions;
import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.report.ReportObserver;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say who else is to know how receiving goes (a picocli mixin). */
final class ReceiveOutputs {
    @Mixin
    private RecordOptions record;

    @Option(
            names = "--hdr",
            paramLabel = "FILE",
            description = "Write the latencies from kernel to user there as an interval log of HdrHistogram, once a"
                    + " second for each flow, in nanoseconds; xdp, raw and recvmmsg only.")
    private String hdr;

    @Option(
            names = "--metrics",
            paramLabel = "[ADDRESS:]PORT",
            converter = MetricsAddress.Converter.class,
            description = "Serve Prometheus metrics at http://ADDRESS:PORT/metrics, to whoever asks. An IPv6 address"
                    + " stands in brackets; 0.0.0.0 is every address; port 0 is any that is free. Default address:"
                    + " 127.0.0.1.")
    private MetricsAddress metrics;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page there when the run is over: what was lost where and what to change, with plots"
                    + " of losses, rates, rings and latencies. One file that needs no network.")
    private String report;

    /** The names of the files that are written, by option; null where it is not given. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("--hdr", hdr);
        files.put("--record", record.fileName());
        files.put("--report", report);
        return files;
    }

    /**
     * Opens what was asked for, before anything is received; if one cannot be opened, none stays open.
     *
     * @param first speaks to a person
     * @throws io.xdp4j.cli.BadInput which names the option and the remedy
     */
    OpenObservers open(ReceiveSettings settings, ReceiveObserver first) throws IOException {
        OpenObservers opened = new OpenObservers();
        opened.add(first);
        try {
            record.settings()
                    .map(wanted -> Recording.open(wanted, settings.interfaceName(), settings.receivers()))
                    .ifPresent(opened::add);
            if (hdr != null) {
                opened.add(LatencyLog.of(hdr, settings));
            }
            if (report != null) {
                opened.add(new ReportObserver(OutputFile.of("--report", report)));
            }
            if (metrics != null) {
                opened.add(MetricsObserver.open(metrics, settings.interfaceName(), settings.backend(), first));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}

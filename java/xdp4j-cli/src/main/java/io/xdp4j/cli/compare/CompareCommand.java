// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.RootUser;
import io.xdp4j.cli.lab.AnonymousLab;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code xdp4j compare}. */
@Command(
        name = "compare",
        header = {"Sends RTP multicast through a lab of its own and shows which way to receive loses how much.", ""},
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Example:",
            "  sudo ./xdp4j compare --rates 150000,390000 --backends xdp,recvmmsg --json compare.json"
        })
public final class CompareCommand implements Callable<Integer> {
    private static final long MOST_PPS = 10_000_000;
    private static final int MOST_SECONDS = 3_600;

    /** An Ethernet frame without FCS, padded (IEEE 802.3). */
    private static final int SMALLEST_FRAME_BYTES = 60;

    /** An MTU of 1,500 and the Ethernet header. */
    private static final int LARGEST_FRAME_BYTES = 1_514;

    /** All flows are to arrive on one queue. */
    private static final int QUEUES = 1;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "PPS",
            defaultValue = "150000,390000,520000",
            description = "Packets a second, all flows together. Default: ${DEFAULT-VALUE}.")
    private List<Long> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "6",
            description = "How long each cell sends. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "214",
            description = "Bytes of the Ethernet frame, without FCS. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--backends",
            split = ",",
            paramLabel = "BACKEND",
            defaultValue = "xdp,question,raw,recvmmsg,nio",
            converter = BackendConverter.class,
            description = "Ways to receive. question is xdp as in the program that lost packets: rings of 2,048 and a"
                    + " sleep of 2 ms. Default: ${DEFAULT-VALUE}.")
    private List<Backend> backends;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write all figures there as JSON; - is standard output.")
    private String json;

    @Override
    @SuppressWarnings("try") // the interruption is there to be closed
    public Integer call() throws IOException {
        requireSense();
        RootUser.require("compare");
        JsonFile file = json == null ? null : JsonFile.of(json);
        PrintStream out = file != null && file.isStandardOutput() ? System.err : System.out;
        Cpus cpus = Cpus.ofThisProcess();
        Settings settings = new Settings(
                rates, seconds, size, names(backends), Plan.TWO_FLOWS_ABOVE_PPS, cpus.explained());
        List<Cell> cells = new ArrayList<>();
        try (var interruption = Interruption.ofThisThread()) {
            int exitCode = CommandLine.ExitCode.OK;
            String ending = null;
            try {
                run(settings, cpus, cells);
            } catch (InterruptedException e) {
                ending = "Interrupted after " + cells.size() + " of " + cellCount() + " cells.";
            } catch (IOException e) {
                ending = "xdp4j: " + e.getMessage();
                exitCode = CommandLine.ExitCode.SOFTWARE;
            } catch (CellFailed e) {
                ending = "xdp4j: " + e.getMessage();
                exitCode = e.exitCode();
            }
            interruption.settle();
            Comparison comparison = new Comparison(
                    ending == null, Machine.ofThis(cpus), settings, cells, Verdict.lines(cells, seconds));
            if (!cells.isEmpty()) {
                comparison.report().forEach(out::println);
                if (file != null) {
                    file.write(comparison);
                }
            }
            if (ending != null) {
                System.err.println(ending);
            }
            return exitCode;
        }
    }

    private void run(Settings settings, Cpus cpus, List<Cell> cells)
            throws IOException, InterruptedException, CellFailed {
        Progress progress = Progress.onStandardError(cellCount());
        try (var lab = AnonymousLab.create(QUEUES)) {
            CellRun cellRun = new CellRun(lab, settings, cpus, progress);
            for (long rate : rates) {
                for (Backend backend : backends) {
                    Plan plan = Plan.of(backend, rate);
                    Cell cell = cellRun.run(plan);
                    cells.add(cell);
                    progress.finished(plan, cell);
                }
            }
        } finally {
            progress.end();
        }
    }

    private int cellCount() {
        return rates.size() * backends.size();
    }

    private void requireSense() {
        for (long rate : rates) {
            if (rate < 1 || rate > MOST_PPS) {
                throw new BadInput("--rates " + rate + " is not between 1 and " + MOST_PPS + " packets a second");
            }
        }
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new BadInput("--seconds " + seconds + " is not between 1 and " + MOST_SECONDS);
        }
        if (size < SMALLEST_FRAME_BYTES || size > LARGEST_FRAME_BYTES) {
            throw new BadInput("--size " + size + " is not between " + SMALLEST_FRAME_BYTES + " and "
                    + LARGEST_FRAME_BYTES + " bytes, what Ethernet with an MTU of 1500 carries");
        }
        requireOnce("--rates", rates);
        requireOnce("--backends", backends);
    }

    private static void requireOnce(String option, List<?> values) {
        var seen = new LinkedHashSet<Object>();
        for (Object value : values) {
            if (!seen.add(value)) {
                throw new BadInput(option + " has " + value + " twice: give it once");
            }
        }
    }

    private static List<String> names(List<Backend> backends) {
        return backends.stream().map(Backend::toString).toList();
    }

    /** Names what there is when there is no such backend. */
    static final class BackendConverter implements CommandLine.ITypeConverter<Backend> {
        @Override
        public Backend convert(String name) {
            for (Backend backend : Backend.values()) {
                if (backend.toString().equals(name)) {
                    return backend;
                }
            }
            throw new CommandLine.TypeConversionException(
                    "'" + name + "' is not a backend: use " + String.join(",", names(List.of(Backend.values()))));
        }
    }
}

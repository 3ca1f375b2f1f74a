// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.OutputFile;
import io.xdp4j.cli.live.LiveView;
import io.xdp4j.cli.live.Terminal;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j receive}. */
@Command(
        name = "receive",
        header = {"Receives flows, and says what came and where the rest was lost.", ""},
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004",
            "      a table on a terminal, else a line a second, until Ctrl-C",
            "  sudo ./xdp4j receive --interface eth1 --flow 232.1.2.3:5004@192.0.2.7 \\",
            "      --flow [ff3e::1]:5004 --seconds 60 --idle spin --json result.json",
            "  sudo ./xdp4j receive --interface eth1 --flows flows.txt --queue 0-3 --cpu 2-5",
            "      a process for each of four queues; kill -HUP reads flows.txt again",
            "  sudo ./xdp4j receive --interface eth1 --sdp camera3.sdp --sdp audio.sdp",
            "      the flows that session descriptions name; kill -HUP reads these again",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004 --metrics 9400",
            "      for Prometheus on this machine, at http://127.0.0.1:9400/metrics",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004 \\",
            "      --record loss.pcapng --record-around-loss 100",
            "      the packets around each loss in a file for Wireshark, with its cause",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004 \\",
            "      --seconds 600 --report report.html"
        })
public final class ReceiveCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ReceiveOptions options;

    @Mixin
    private ReceiveOutputs outputs;

    @Option(names = "--seconds", paramLabel = "N", description = "How long. Default: until Ctrl-C.")
    private Integer seconds;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the summary there as JSON; - is standard output.")
    private String json;

    @Option(
            names = "--quiet",
            description = "Say nothing of the seconds: only the first words, warnings and the summary.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        if (seconds != null && seconds < 1) {
            throw new BadInput("--seconds " + seconds + ": use 1 or more");
        }
        Map<String, String> files = outputs.files();
        files.put("--json", json);
        OutputFile.requireDifferent(files);
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        ReceiveSettings settings = options.settings();
        ReceiveText text = new ReceiveText(JsonFile.words(spec, jsonFile), quiet);
        try (Interruption interruption = Interruption.noticedOnly();
                OpenObservers observers = outputs.open(settings, forPeople(text, jsonFile))) {
            Received received =
                    ReceiveRun.receive(settings, options.reloadable(), seconds, observers, interruption);
            text.summary(received.report());
            if (jsonFile.isPresent()) {
                jsonFile.get().write(received.report());
            }
            if (received.mishap().isPresent()) {
                throw new IOException(received.mishap().get());
            }
        }
        return ExitCode.OK;
    }

    /** The live view where the words go to a terminal, else lines. */
    private ReceiveObserver forPeople(ReceiveText text, Optional<JsonFile> jsonFile) {
        boolean onStandardError = jsonFile.map(JsonFile::isStandardOutput).orElse(false);
        return quiet
                ? text
                : Terminal.find(onStandardError ? 2 : 1, System.getenv())
                        .<ReceiveObserver>map(terminal -> new LiveView(terminal, text))
                        .orElse(text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.JsonFile;
import io.xdp4j.cli.receive.ReceiveOptions;
import io.xdp4j.cli.receive.ReceiveRun;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.ReceiveText;
import io.xdp4j.cli.receive.Received;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j explain}. */
@Command(
        name = "explain",
        header = {"Says what is lost where and why, and tries the options that end it.", ""},
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j explain --interface eth1 --flow 239.1.2.3:5004",
            "  sudo ./xdp4j explain --interface eth1 --flow 239.1.2.3:5004 \\",
            "      --like-the-question --seconds 30"
        })
public final class ExplainCommand implements Callable<Integer> {
    /** What --like-the-question sets. */
    private static final List<String> OF_THE_QUESTION = List.of("--backend", "--rx-ring", "--fill-ring", "--idle");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReceiveOptions options;

    @Option(
            names = "--like-the-question",
            description = "Start as the program did that lost packets: AF_XDP with rings of 2048, sleeping 2 ms when"
                    + " idle.")
    private boolean likeTheQuestion;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            paramLabel = "N",
            description = "How long each of the two runs receives. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write both runs there as JSON; - is standard output.")
    private String json;

    @Override
    public Integer call() throws IOException {
        if (seconds < 1) {
            throw new BadInput("--seconds " + seconds + ": use 1 or more");
        }
        if (likeTheQuestion) {
            for (String option : OF_THE_QUESTION) {
                if (options.isGiven(option)) {
                    throw new BadInput("--like-the-question sets " + option + " itself: leave one of the two out");
                }
            }
        }
        Optional<JsonFile> jsonFile = Optional.ofNullable(json).map(JsonFile::of);
        ReceiveSettings settings = settings();
        PrintWriter words = JsonFile.words(spec, jsonFile);
        try (Interruption interruption = Interruption.noticedOnly()) {
            explain(settings, words, interruption, jsonFile);
        }
        return ExitCode.OK;
    }

    private ReceiveSettings settings() throws IOException {
        ReceiveSettings given = options.settings();
        if (!likeTheQuestion) {
            return given;
        }
        ReceiveSettings question = given.likeTheQuestion();
        question.check();
        return question;
    }

    private void explain(
            ReceiveSettings settings, PrintWriter words, Interruption interruption, Optional<JsonFile> jsonFile)
            throws IOException {
        Received before = ReceiveRun.receive(settings, seconds, List.of(new ReceiveText(words)), interruption);
        words.println();
        say(words, Explanation.of(before, settings));
        Remedy remedy = Remedy.of(before.ledger(), settings, likeTheQuestion);
        Received after = null;
        try {
            if (isWorthTrying(before, remedy, words, interruption)) {
                after = tryOut(settings, remedy, words, interruption);
                words.println();
                say(words, BeforeAfter.lines(before, after, remedy.options()));
            }
        } finally {
            if (jsonFile.isPresent()) {
                jsonFile.get().write(ExplainReport.of(before, remedy, after));
            }
        }
        for (Received run : after == null ? List.of(before) : List.of(before, after)) {
            if (run.mishap().isPresent()) {
                throw new IOException(run.mishap().get());
            }
        }
    }

    private boolean isWorthTrying(Received before, Remedy remedy, PrintWriter words, Interruption interruption) {
        if (Explanation.isSilence(before) || before.mishap().isPresent()) {
            return false;
        }
        if (remedy.isEmpty()) {
            if (before.ledger().lost() > 0) {
                say(words, List.of("", "No option of this program ends that."));
            }
            return false;
        }
        String options = String.join(" ", remedy.options());
        if (interruption.isRequested()) {
            say(words, List.of("", "Interrupted: " + options + " was not tried."));
            return false;
        }
        say(words, List.of("", "Again, with " + options + ":"));
        return true;
    }

    private Received tryOut(
            ReceiveSettings settings, Remedy remedy, PrintWriter words, Interruption interruption)
            throws IOException {
        ReceiveSettings changed = settings.with(remedy.settings());
        changed.check();
        return ReceiveRun.receive(changed, seconds, List.of(new ReceiveText(words)), interruption);
    }

    private static void say(PrintWriter words, List<String> lines) {
        lines.forEach(words::println);
        words.flush();
    }
}

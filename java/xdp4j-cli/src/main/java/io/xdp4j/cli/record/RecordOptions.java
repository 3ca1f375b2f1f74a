// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.cli.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that say what is recorded (a picocli mixin). */
public final class RecordOptions {
    private static final String DEFAULT_LIMIT = "1G";

    /** So that the descriptions of all interfaces fit, and packets too. */
    private static final long LEAST_LIMIT = 1 << 20;

    private static final int MOST_AROUND = 100_000;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Write what arrives there as pcapng, with the kernel's arrival times. A file that is there is"
                    + " replaced. What does not fit on the way is counted, and never waited for.")
    private Path file;

    @Option(
            names = "--record-limit",
            paramLabel = "BYTES",
            converter = BytesConverter.class,
            description = "The file has no more than this, and recording then stops: 500M, 2G. Default: "
                    + DEFAULT_LIMIT + ".")
    private Long limitBytes;

    @Option(
            names = "--record-around-loss",
            paramLabel = "N",
            description = "Record only N packets before and N behind each gap in a flow's RTP sequence, with a comment"
                    + " on the packet behind the gap that says what is missing and why.")
    private Integer aroundLoss;

    /** Where to; null when nothing is to be recorded. */
    public String fileName() {
        return file == null ? null : file.toString();
    }

    /**
     * Empty when nothing is to be recorded.
     *
     * @throws BadInput when they contradict each other
     */
    public Optional<RecordSettings> settings() {
        if (file == null && (limitBytes != null || aroundLoss != null)) {
            throw new BadInput((limitBytes != null ? "--record-limit" : "--record-around-loss")
                    + " means nothing without --record FILE: name the file");
        }
        if (limitBytes != null && limitBytes < LEAST_LIMIT) {
            throw new BadInput("--record-limit " + limitBytes + ": use 1M or more");
        }
        if (aroundLoss != null && (aroundLoss < 1 || aroundLoss > MOST_AROUND)) {
            throw new BadInput("--record-around-loss " + aroundLoss + ": use 1 to " + MOST_AROUND
                    + ", for example 100");
        }
        if (file == null) {
            return Optional.empty();
        }
        return Optional.of(new RecordSettings(
                file,
                limitBytes != null ? limitBytes : new BytesConverter().convert(DEFAULT_LIMIT),
                aroundLoss != null ? OptionalInt.of(aroundLoss) : OptionalInt.empty()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.InputFile;
import io.xdp4j.packet.Flow;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The value of {@code --flows}: a text file with a flow on each line; {@code #} begins a comment. */
final class FlowFile {
    private static final long LARGEST_BYTES = 4 << 20;

    private final Path file;

    FlowFile(Path file) {
        this.file = file;
    }

    /**
     * Reads it as it is now.
     *
     * @return in the order of the lines, all different, at least one
     * @throws BadInput naming file, line and reason
     */
    List<Flow> read() {
        Map<Flow, Integer> lines = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            try {
                Integer before = lines.putIfAbsent(Flow.parse(text), number);
                if (before != null) {
                    throw new IllegalArgumentException(
                            "flow " + text + " is in line " + before + " already: name each flow once");
                }
            } catch (IllegalArgumentException e) {
                throw new BadInput(file + " line " + number + ": " + e.getMessage());
            }
        }
        if (lines.isEmpty()) {
            throw new BadInput(file + " names no flow: write one on each line, for example 239.1.2.3:5004");
        }
        return new ArrayList<>(lines.keySet());
    }

    private List<String> lines() {
        byte[] bytes = InputFile.read("--flows", file, LARGEST_BYTES, "a list of flows");
        try {
            return InputFile.utf8(bytes).lines().toList();
        } catch (CharacterCodingException e) {
            throw new BadInput("--flows " + file + " is not text in UTF-8: write a flow on each line");
        }
    }

    /** As it was named. */
    @Override
    public String toString() {
        return file.toString();
    }
}

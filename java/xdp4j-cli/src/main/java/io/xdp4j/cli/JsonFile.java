// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where {@code --json FILE} goes: an {@link OutputFile}, or with {@code -} standard output. */
public final class JsonFile {
    private static final String STANDARD_OUTPUT = "-";

    private final OutputFile file;

    private JsonFile(OutputFile file) {
        this.file = file;
    }

    /**
     * To be called before a run starts, so that no run is lost for want of a folder.
     *
     * @param name the value of the option
     * @throws BadInput when nothing can be written there
     */
    public static JsonFile of(String name) {
        return new JsonFile(name.equals(STANDARD_OUTPUT) ? null : OutputFile.of("--json", name));
    }

    /** Where a command's words for people go: to standard error when its JSON has standard output to itself. */
    public static PrintWriter words(CommandSpec command, Optional<JsonFile> json) {
        CommandLine line = command.commandLine();
        return json.map(JsonFile::isStandardOutput).orElse(false) ? line.getErr() : line.getOut();
    }

    /** Whether the JSON goes to standard output, so that words for people belong elsewhere. */
    public boolean isStandardOutput() {
        return file == null;
    }

    /**
     * @param value what Jackson can write: records, maps, lists
     * @throws IOException whose message names the file
     */
    public void write(Object value) throws IOException {
        // Made here and not with the class: that takes 50 ms, in which packets could have come.
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        byte[] json = (mapper.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        if (isStandardOutput()) {
            System.out.write(json);
            System.out.flush();
        } else {
            file.write(json);
        }
    }
}

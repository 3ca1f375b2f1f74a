// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where {@code --json FILE} goes. A reader of the file sees all of it or none of it: it is written beside its place
 * and renamed. {@code -} is standard output; a device or a pipe is written as it is.
 */
public final class JsonFile {
    private static final String STANDARD_OUTPUT = "-";

    private final Path file;

    private JsonFile(Path file) {
        this.file = file;
    }

    /**
     * To be called before a run starts, so that no run is lost for want of a folder.
     *
     * @param name the value of the option
     * @throws BadInput when nothing can be written there
     */
    public static JsonFile of(String name) {
        if (name.equals(STANDARD_OUTPUT)) {
            return new JsonFile(null);
        }
        return new JsonFile(OutputFile.replaceable("--json", name));
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
        } else if (OutputFile.isSpecial(file)) {
            Files.write(file, json, StandardOpenOption.WRITE);
        } else {
            replace(json);
        }
    }

    private void replace(byte[] json) throws IOException {
        Path beside = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(beside, json);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}

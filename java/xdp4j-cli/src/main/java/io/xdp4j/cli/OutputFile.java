// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * A file that an option names, written at once at the end of a run. A reader of it sees all of it or none of it: it is
 * written beside its place and renamed. A device or a pipe is written as it is.
 */
public final class OutputFile {
    private final Path file;

    private OutputFile(Path file) {
        this.file = file;
    }

    /**
     * To be called before a run starts, so that no run is lost for want of a folder.
     *
     * @param option for example {@code --json}
     * @param name its value
     * @throws BadInput when nothing can be written there
     */
    public static OutputFile of(String option, String name) {
        Path file = located(option, name);
        requireWritable(option, name, isSpecial(file) ? file : file.getParent());
        return new OutputFile(file);
    }

    /**
     * For a file that grows where it is, while the run goes on; as above.
     *
     * @return absolute, with links followed
     */
    public static Path growing(String option, String name) {
        Path file = located(option, name);
        requireWritable(option, name, Files.exists(file) ? file : file.getParent());
        return file;
    }

    /**
     * Each would destroy what the other writes.
     *
     * @param names by option; null where it is not given
     * @throws BadInput when two of them are one file
     */
    public static void requireDifferent(Map<String, String> names) {
        Map<Path, String> options = new HashMap<>();
        names.forEach((option, name) -> {
            Path file = name == null ? null : followed(Path.of(name).toAbsolutePath());
            String other = file == null || isSpecial(file) ? null : options.putIfAbsent(file, option);
            if (other != null) {
                throw new BadInput(option + " " + name + " is the file of " + other + " as well: name another one");
            }
        });
    }

    private static Path located(String option, String name) {
        Path file = followed(Path.of(name).toAbsolutePath());
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new BadInput(option + " " + name + " is a folder: name a file");
        }
        if (!Files.isDirectory(folder)) {
            throw new BadInput(option + " " + name + ": there is no folder " + folder + "; make it first");
        }
        return file;
    }

    private static void requireWritable(String option, String name, Path what) {
        if (!Files.isWritable(what)) {
            throw new BadInput(option + " " + name + ": " + what + " is not writable; name a file elsewhere");
        }
    }

    /** @throws IOException whose message names the file */
    public void write(byte[] content) throws IOException {
        if (isSpecial(file)) {
            Files.write(file, content, StandardOpenOption.WRITE);
        } else {
            replace(content);
        }
    }

    private void replace(byte[] content) throws IOException {
        // A name of its own length: that of the file may be as long as a name can be.
        Path beside = file.resolveSibling(".xdp4j-" + ProcessHandle.current().pid() + "-"
                + Integer.toHexString(file.getFileName().hashCode()));
        try {
            Files.write(beside, content);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** A link is followed: what it points to is replaced, not the link. */
    private static Path followed(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.normalize(); // does not exist yet
        }
    }

    private static boolean isSpecial(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }
}

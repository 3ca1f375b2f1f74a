// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names for a run to write. It is checked before the run starts, so that none is lost. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * For a file that is written where it is.
     *
     * @param option for example {@code --hdr}
     * @param name its value
     * @return absolute, with links followed
     * @throws BadInput when nothing can be written there
     */
    public static Path writable(String option, String name) {
        Path file = located(option, name);
        requireWritable(option, name, Files.exists(file) ? file : file.getParent());
        return file;
    }

    /** For a file that is written beside its place and renamed, unless it {@link #isSpecial}; as above. */
    static Path replaceable(String option, String name) {
        Path file = located(option, name);
        requireWritable(option, name, isSpecial(file) ? file : file.getParent());
        return file;
    }

    /** A device or a pipe, which is written as it is. */
    static boolean isSpecial(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
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

    /** A link is followed: what it points to is replaced, not the link. */
    private static Path followed(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.normalize(); // does not exist yet
        }
    }
}

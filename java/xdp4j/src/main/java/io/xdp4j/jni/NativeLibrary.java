// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Finds and loads {@code libxdp4j.so}, once.
 *
 * <p>Given {@code -Djava.library.path} it is looked for there and nowhere else, so that what runs is what was asked
 * for. Otherwise it comes from the native jar on the class path. A failure is kept and told by {@link #failure()};
 * loading this class never fails.
 */
public final class NativeLibrary {
    private static final String FILE = "libxdp4j.so";
    private static final String PATH_OPTION = "-Djava.library.path=";

    private static final Throwable FAILURE = load();

    private NativeLibrary() {}

    /** Why the library is not there, or empty when it is. The message names the remedy. */
    public static Optional<Throwable> failure() {
        return Optional.ofNullable(FAILURE);
    }

    /** @throws UnsupportedOperationException when the library is not there; its message names the remedy */
    public static void require() {
        if (FAILURE != null) {
            throw new UnsupportedOperationException(FAILURE.getMessage(), FAILURE);
        }
    }

    private static Throwable load() {
        String os = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (!os.equals("Linux")) {
            return new UnsatisfiedLinkError("AF_XDP is part of Linux and this is " + os + ": use NioSource here");
        }
        try {
            Optional<String> given = givenLibraryPath();
            if (given.isPresent()) {
                loadFrom(given.get());
            } else {
                loadFromClassPath(architecture);
            }
            return null;
        } catch (IOException | LinkageError e) {
            return new UnsatisfiedLinkError(explain(String.valueOf(e.getMessage()), architecture));
        }
    }

    /** The value of the option, which unlike the property of that name has no default. */
    private static Optional<String> givenLibraryPath() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(PATH_OPTION))
                .reduce((first, second) -> second)
                .map(argument -> argument.substring(PATH_OPTION.length()));
    }

    private static void loadFrom(String path) {
        for (String directory : path.split(File.pathSeparator)) {
            Path file = Path.of(directory, FILE).toAbsolutePath();
            if (file.toFile().exists()) { // stat(2): access(2), by which Files asks, does not know of capabilities
                System.load(file.toString());
                return;
            }
        }
        throw new UnsatisfiedLinkError(
                FILE + " is not in java.library.path " + path + ": give the folder that the build put it into");
    }

    private static void loadFromClassPath(String architecture) throws IOException {
        String resource = "META-INF/native/linux-" + architecture + "/" + FILE;
        // By the loader: asked of the class, a named module looks into itself alone.
        try (InputStream stream = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                throw new UnsatisfiedLinkError("no " + resource + " on the class path: add the artifact"
                        + " io.xdp4j:xdp4j-native as built on a machine of this architecture, " + architecture
                        + ", or give -Djava.library.path");
            }
            // A folder of our own that nobody else can enter, gone before anything else runs: the mapping remains.
            Path folder = Files.createTempDirectory(
                    "xdp4j", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path file = folder.resolve(FILE);
            try {
                Files.copy(stream, file);
                System.load(file.toString());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        }
    }

    private static String explain(String message, String architecture) {
        if (message.contains("libxdp.so") || message.contains("libbpf.so")) {
            return message + "; install it: apt-get install libxdp1 libbpf1";
        }
        if (message.contains("wrong ELF class") || message.contains("Possible cause")) {
            return message + "; this JVM is for " + architecture + ": build xdp4j on this machine";
        }
        if (message.contains("failed to map") || message.contains("Operation not permitted")) {
            return message + "; the temporary folder forbids execution: give -Djava.io.tmpdir";
        }
        return message;
    }
}

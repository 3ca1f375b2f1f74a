// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel tells in files: /proc, /sys and the like, or a folder that has the same for a test. */
final class SystemFiles {
    private static final int CHUNK_BYTES = 64 << 10;

    private final Path root;

    /** @param root usually {@code /} */
    SystemFiles(Path root) {
        this.root = root;
    }

    /**
     * The whole of a file, without white space at its ends.
     *
     * @param path from the root on, for example {@code /proc/mounts}
     */
    String read(String path) throws IOException {
        return new String(bytes(path), StandardCharsets.ISO_8859_1).strip();
    }

    List<String> lines(String path) throws IOException {
        return read(path).lines().toList();
    }

    /** By few calls: the second one to a setting in /proc/sys has nothing more, wherever the first one ended. */
    byte[] bytes(String path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        try (SeekableByteChannel channel = Files.newByteChannel(of(path))) {
            while (channel.read(buffer) >= 0) {
                bytes.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        return bytes.toByteArray();
    }

    /** The kernel prints some numbers without a sign that are below 0, which is what they are then here. */
    long number(String path) throws IOException {
        String text = read(path);
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }

    /** The same where a kernel may have no such file. */
    long number(String path, long otherwise) throws IOException {
        return exists(path) ? number(path) : otherwise;
    }

    /** Names in a folder, in their order; none where there is no such folder. */
    List<String> list(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(of(folder))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    boolean exists(String path) {
        return of(path).toFile().exists(); // stat(2): access(2), by which Files asks, does not know of capabilities
    }

    boolean isFolder(String path) {
        return of(path).toFile().isDirectory();
    }

    /** Whether its owner could write to it, whoever that is. */
    boolean isWritable(String path) throws IOException {
        return Files.getPosixFilePermissions(of(path)).contains(PosixFilePermission.OWNER_WRITE);
    }

    private Path of(String path) {
        return root.resolve(path.substring(1));
    }

    /** In a few words, why something could not be read. */
    static String why(Exception e) {
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + " may not be read by this user";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no " + e.getMessage();
        }
        return String.valueOf(e.getMessage());
    }
}

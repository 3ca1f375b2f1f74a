// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.SharedMemory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a process says what it is doing, for {@code xdp4j status} to read: memory that has a name and no place in any
 * file system, so that it is gone with the process however that ends. Root sees it as {@code /proc/PID/fd/N}, in
 * whatever namespaces the process is.
 *
 * <pre>  | edition (4) | length (4) | JSON ...     the edition is odd while the page is written</pre>
 */
public final class StatusPage implements AutoCloseable {
    private static final String NAME = "xdp4j-status";
    private static final String SEEN_AS = "/memfd:" + NAME;
    private static final int BYTES = 4 << 20; // for the most flows that an XDP program takes
    private static final int LENGTH = 4;
    private static final int JSON = 8;
    private static final int TRIES = 20;
    private static final String EFFECTIVE = "CapEff:"; // proc(5)
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final SharedMemory memory;
    private int edition;

    private StatusPage(SharedMemory memory) {
        this.memory = memory;
    }

    public static StatusPage open() throws KernelException {
        return new StatusPage(SharedMemory.create(NAME, BYTES));
    }

    /** Says it; what does not fit is not said. */
    public void write(RunStatus status) throws IOException {
        byte[] json = MAPPER.writeValueAsBytes(status);
        if (json.length > BYTES - JSON) {
            return;
        }
        ByteBuffer page = memory.buffer();
        INTS.setVolatile(page, 0, ++edition);
        page.putInt(LENGTH, json.length);
        page.put(JSON, json);
        INTS.setVolatile(page, 0, ++edition);
    }

    /** The pages of all processes that this one may look at, by pid. */
    public static List<RunStatus> readAll() throws IOException {
        List<RunStatus> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                pageOf(process).filter(page -> isOf(process, page)).ifPresent(found::add);
            }
        }
        found.sort(Comparator.comparingLong(RunStatus::pid));
        return found;
    }

    /**
     * Anybody can make memory of this name and write into it what he likes. So a page counts only from a process that
     * has a privilege, as a receiver of AF_XDP has, about itself, and complete.
     */
    private static boolean isOf(Path process, RunStatus page) {
        return process.getFileName().toString().equals(Long.toString(page.pid()))
                && page.isComplete()
                && isPrivileged(process);
    }

    private static boolean isPrivileged(Path process) {
        try {
            return Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .anyMatch(line -> !line.substring(EFFECTIVE.length()).strip().matches("0*"));
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private static Optional<RunStatus> pageOf(Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).toString().startsWith(SEEN_AS)) {
                    return read(descriptor);
                }
            }
        } catch (IOException e) {
            // it has just ended, or belongs to somebody else, or is no page
        }
        return Optional.empty();
    }

    private static Optional<RunStatus> read(Path descriptor) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            byte[] first = bytes(descriptor);
            ByteBuffer page = ByteBuffer.wrap(first).order(ByteOrder.nativeOrder());
            if (first.length != BYTES || page.getInt(0) == 0) {
                return Optional.empty(); // none of ours, or nothing said yet
            }
            int length = page.getInt(LENGTH);
            boolean isWhole = page.getInt(0) % 2 == 0 && length > 0 && length <= BYTES - JSON;
            if (isWhole && Arrays.equals(first, bytes(descriptor))) {
                return Optional.of(MAPPER.readValue(first, JSON, length, RunStatus.class));
            }
        }
        return Optional.empty();
    }

    private static byte[] bytes(Path descriptor) throws IOException {
        try (InputStream stream = Files.newInputStream(descriptor)) {
            return stream.readNBytes(BYTES);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.SharedMemory;
import java.io.IOException;
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

    /** Says it; one that is too long is not said. */
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
    static List<RunStatus> readAll() throws IOException {
        List<RunStatus> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                pageOf(process).ifPresent(found::add);
            }
        }
        found.sort(Comparator.comparingLong(RunStatus::pid));
        return found;
    }

    private static Optional<RunStatus> pageOf(Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).toString().startsWith(SEEN_AS)) {
                    return read(descriptor);
                }
            }
        } catch (IOException e) {
            // it has just ended, or belongs to somebody else
        }
        return Optional.empty();
    }

    private static Optional<RunStatus> read(Path descriptor) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            ByteBuffer page = ByteBuffer.wrap(Files.readAllBytes(descriptor)).order(ByteOrder.nativeOrder());
            if (page.capacity() < JSON) {
                return Optional.empty(); // just made, or something else of that name
            }
            int before = page.getInt(0);
            int length = page.getInt(LENGTH);
            if (before == 0) {
                return Optional.empty(); // nothing said yet
            }
            if (before % 2 == 0 && length > 0 && length <= page.capacity() - JSON) {
                byte[] again = Files.readAllBytes(descriptor);
                if (Arrays.equals(page.array(), again)) {
                    return Optional.of(MAPPER.readValue(page.array(), JSON, length, RunStatus.class));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        memory.close();
    }
}

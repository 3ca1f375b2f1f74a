// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedMemoryTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int BYTES = 10_000;
    private static final int EBADF = 9;
    private static final int EINVAL = 22;

    /** Adds one to the first long of the memory that it is handed, says so, and waits for its end. */
    public static final class Writer {
        public static void main(String[] arguments) throws Exception {
            try (Channel channel = Channel.connect(arguments[0])) {
                SharedMemory memory = SharedMemory.map(channel.receive(-1).orElseThrow().fds()[0]);
                ByteBuffer buffer = memory.buffer();
                buffer.putLong(0, buffer.getLong(0) + 1);
                channel.send(new byte[] {1});
                channel.receive(-1);
            }
        }
    }

    @Test
    void keepsWhatAKilledProcessWrote() throws Exception {
        try (SharedMemory memory = SharedMemory.create("xdp4j-test", BYTES);
                Channel.Listener listener = Channel.Listener.open()) {
            memory.buffer().putLong(0, 41);
            Process writer = ChildJvm.start(Writer.class, listener.name());
            try (Channel channel = listener.accept(writer.pid(), PATIENCE_MS)) {
                channel.send(new byte[] {0}, memory.fd());
                assertTrue(channel.receive(PATIENCE_MS).isPresent());
                writer.destroyForcibly().waitFor();
            } finally {
                writer.destroyForcibly();
            }
            assertEquals(42, memory.buffer().getLong(0));
        }
    }

    @Test
    void isOneForAllThatMapIt() throws Exception {
        try (SharedMemory first = SharedMemory.create("xdp4j-test", BYTES);
                SharedMemory second = SharedMemory.map(anotherDescriptor(first))) {
            assertEquals(BYTES, second.buffer().capacity());
            assertEquals(0, second.buffer().get(BYTES - 1));
            first.buffer().put(BYTES - 1, (byte) 7);
            assertEquals(7, second.buffer().get(BYTES - 1));
            assertTrue(first.buffer().isDirect());
            assertEquals(ByteOrder.nativeOrder(), second.buffer().order());
            assertSame(first.buffer(), first.buffer());
            first.close();
            assertEquals(7, second.buffer().get(BYTES - 1));
        }
    }

    /** As a process gets that it is handed to. */
    private static int anotherDescriptor(SharedMemory memory) throws Exception {
        try (Channel.Listener listener = Channel.Listener.open();
                Channel here = Channel.connect(listener.name());
                Channel there = listener.accept(ProcessHandle.current().pid(), PATIENCE_MS)) {
            here.send(new byte[] {0}, memory.fd());
            return there.receive(PATIENCE_MS).orElseThrow().fds()[0];
        }
    }

    @Test
    void aBufferKeptForTooLongDoesNotCrash() throws Exception {
        SharedMemory memory = SharedMemory.create("xdp4j-test-kept", BYTES);
        ByteBuffer buffer = memory.buffer();
        buffer.put(0, (byte) 1);
        assertTrue(isMapped("xdp4j-test-kept"));
        memory.close();
        memory.close();
        assertFalse(isMapped("xdp4j-test-kept"));
        assertEquals(0, buffer.get(0));
        buffer.put(BYTES - 1, (byte) 1);
        assertThrows(IllegalStateException.class, memory::fd);
    }

    private static boolean isMapped(String name) throws Exception {
        return Files.readString(Path.of("/proc/self/maps")).contains("/memfd:" + name + " (deleted)");
    }

    @Test
    void goesWhenNobodyHoldsItsBuffer() throws Exception {
        int fd = makeAndForget("xdp4j-test-forgotten");
        while (isMapped("xdp4j-test-forgotten")) {
            System.gc();
            Thread.sleep(10);
        }
        Channel.closeDescriptor(fd);
    }

    private static int makeAndForget(String name) throws Exception {
        SharedMemory memory = SharedMemory.create(name, BYTES);
        assertTrue(isMapped(name));
        return memory.fd();
    }

    @Test
    void namesWhatIsWrong() {
        assertEquals(EINVAL, errno(() -> SharedMemory.create("xdp4j-test", 0)));
        assertEquals(EINVAL, errno(() -> SharedMemory.create("xdp4j-test", -1)));
        assertEquals(EINVAL, errno(() -> SharedMemory.create("n".repeat(250), BYTES)));
        assertEquals(EBADF, errno(() -> SharedMemory.map(-1)));
        assertThrows(NullPointerException.class, () -> SharedMemory.create(null, BYTES));
    }

    private static int errno(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(KernelException.class, call).errno();
    }
}

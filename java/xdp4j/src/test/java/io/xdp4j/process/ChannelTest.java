// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.packet.KernelException;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
class ChannelTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int EBADF = 9;
    private static final int ETIMEDOUT = 110;
    private static final int ECONNREFUSED = 111;
    private static final long SELF = ProcessHandle.current().pid();

    private Channel.Listener listener;
    private Channel here;
    private Channel there;

    /** Says its process id, then sends back what it receives, descriptors too, until told to end at once. */
    public static final class Echo {
        public static void main(String[] arguments) throws Exception {
            try (Channel channel = Channel.connect(arguments[0])) {
                channel.send(Long.toString(ProcessHandle.current().pid()).getBytes());
                while (true) {
                    Channel.Message message = channel.receive(-1).orElseThrow();
                    channel.send(message.bytes(), message.fds());
                    Arrays.stream(message.fds()).forEach(Channel::closeDescriptor);
                }
            } catch (EOFException e) {
                System.out.println("told the end");
            }
        }
    }

    @BeforeEach
    void connect() throws Exception {
        listener = Channel.Listener.open();
        here = Channel.connect(listener.name());
        there = listener.accept(SELF, PATIENCE_MS);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        listener.close();
    }

    @Test
    void keepsMessagesApartAndInOrder() throws Exception {
        byte[] longest = new byte[Channel.MAX_BYTES];
        new Random(1).nextBytes(longest);
        here.send(new byte[] {1});
        here.send(longest);
        assertArrayEquals(new byte[] {1}, there.receive(0).orElseThrow().bytes());
        assertArrayEquals(longest, there.receive(0).orElseThrow().bytes());
        assertTrue(there.receive(0).isEmpty());
        assertTrue(here.receive(1).isEmpty());
        there.send(new byte[] {2});
        assertArrayEquals(new byte[] {2}, here.receive(0).orElseThrow().bytes());
    }

    @Test
    void joinsTwoProcesses() throws Exception {
        Process echo = ChildJvm.start(Echo.class, listener.name());
        try (Channel channel = listener.accept(echo.pid(), PATIENCE_MS);
                SharedMemory memory = SharedMemory.create("xdp4j-test", 8)) {
            memory.buffer().putLong(0, 4711);
            assertArrayEquals(
                    Long.toString(echo.pid()).getBytes(), channel.receive(PATIENCE_MS).orElseThrow().bytes());
            channel.send(new byte[] {3, 4}, memory.fd(), memory.fd());
            Channel.Message back = channel.receive(PATIENCE_MS).orElseThrow();
            assertArrayEquals(new byte[] {3, 4}, back.bytes());
            assertEquals(2, back.fds().length);
            for (int fd : back.fds()) {
                try (SharedMemory same = SharedMemory.map(fd)) {
                    assertEquals(4711, same.buffer().getLong(0));
                }
            }
            channel.close();
            assertEquals("told the end\n", new String(echo.getInputStream().readAllBytes()));
            assertEquals(0, echo.waitFor());
        } finally {
            echo.destroyForcibly();
        }
    }

    @Test
    void tellsTheEndOfAKilledProcess() throws Exception {
        Process echo = ChildJvm.start(Echo.class, listener.name());
        try (Channel channel = listener.accept(echo.pid(), PATIENCE_MS)) {
            assertTrue(channel.receive(PATIENCE_MS).isPresent());
            echo.destroyForcibly();
            assertThrows(EOFException.class, () -> channel.receive(PATIENCE_MS));
            assertThrows(EOFException.class, () -> channel.receive(-1));
            assertThrows(EOFException.class, () -> channel.send(new byte[] {1}));
        } finally {
            echo.destroyForcibly();
        }
    }

    @Test
    void takesNoStranger() throws Exception {
        try (Channel strange = Channel.connect(listener.name())) {
            assertEquals(ETIMEDOUT, errno(() -> listener.accept(1, 10)));
            assertThrows(EOFException.class, () -> strange.receive(PATIENCE_MS));
        }
    }

    @Test
    void namesAreNotUsedTwice() throws Exception {
        try (Channel.Listener other = Channel.Listener.open()) {
            assertTrue(listener.name().matches("xdp4j-[0-9a-f]{32}"), listener.name());
            assertTrue(!other.name().equals(listener.name()), other.name());
        }
        listener.close();
        assertEquals(ECONNREFUSED, errno(() -> Channel.connect(listener.name())));
    }

    @Test
    void namesWhatIsWrong() {
        assertThrows(IllegalArgumentException.class, () -> here.send(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> here.send(new byte[Channel.MAX_BYTES + 1]));
        assertThrows(
                IllegalArgumentException.class, () -> here.send(new byte[1], new int[Channel.MAX_DESCRIPTORS + 1]));
        assertEquals(EBADF, errno(() -> here.send(new byte[1], -1)));
        assertThrows(NullPointerException.class, () -> Channel.connect(null));
    }

    private static int errno(Executable call) {
        return assertThrows(KernelException.class, call).errno();
    }

    @Test
    void isClosedForAll() {
        here.close();
        here.close();
        assertThrows(ClosedChannelException.class, () -> here.send(new byte[1]));
        assertThrows(ClosedChannelException.class, () -> here.receive(0));
        assertThrows(EOFException.class, () -> there.receive(-1));
        listener.close();
        listener.close();
        assertThrows(ClosedChannelException.class, () -> listener.accept(SELF, 0));
    }

    @Test
    void closeEndsWhatWaits() throws Exception {
        endsWhenClosed(() -> there.receive(-1), there::close);
        close();
        connect();
        endsWhenClosed(
                () -> {
                    while (true) {
                        here.send(new byte[Channel.MAX_BYTES]);
                    }
                },
                here::close);
        endsWhenClosed(() -> listener.accept(SELF, -1), listener::close);
    }

    /** Whatever the thread is at, and however often: it never gets at another file by the number. */
    @Test
    void closeMeetsReceiveAnywhere() throws Exception {
        for (int i = 0; i < 300; i++) {
            close();
            connect();
            int spins = i * 20;
            here.send(new byte[] {1});
            endsWhenClosed(
                    () -> {
                        while (true) {
                            there.receive(-1);
                        }
                    },
                    () -> {
                        for (int spin = 0; spin < spins; spin++) {
                            Thread.onSpinWait();
                        }
                        there.close();
                    });
        }
    }

    private static void endsWhenClosed(Executable call, Runnable close) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            started.countDown();
            try {
                call.execute();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        started.await();
        close.run();
        thread.join();
        assertInstanceOf(ClosedChannelException.class, thrown.get());
    }
}

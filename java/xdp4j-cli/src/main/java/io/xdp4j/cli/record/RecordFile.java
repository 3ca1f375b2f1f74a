// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Figures;
import io.xdp4j.cli.OutputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The file. It is readable at every moment, for it only ever grows by whole blocks: what a full disk cuts off is taken
 * back. Once it has stopped, at its limit or by a failure, it takes nothing more, and counts what it did not take.
 *
 * <p>Threads: one at a time; any may stop it.
 */
final class RecordFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final boolean isNew;
    private final boolean isRegular;
    private final FileChannel channel;
    private final long limitBytes;
    private final WallClock clock = WallClock.now();
    private final long startNs = clock.at(System.nanoTime());
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(Pcapng.ORDER);
    private List<RecordedInterface> interfaces; // null before it has begun
    private long[] refused; // by interface
    private long bytes;
    private long packets;
    private int packetsInBuffer;
    private volatile String stopped; // why; null while it goes on

    private RecordFile(Path path, long limitBytes) throws IOException {
        this.path = path;
        this.limitBytes = limitBytes;
        this.isNew = Files.notExists(path);
        this.channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        this.isRegular = Files.isRegularFile(path);
    }

    /**
     * Opens it, and leaves what is in it until it begins.
     *
     * @param limitBytes that it has at most
     * @throws BadInput when it cannot be written there
     */
    static RecordFile open(Path path, long limitBytes) {
        try {
            return new RecordFile(OutputFile.growing("--record", path.toString()), limitBytes);
        } catch (FileSystemException e) {
            throw new BadInput("--record " + path + " cannot be written"
                    + (e.getReason() == null ? "" : ": " + e.getReason()) + "; name a file elsewhere");
        } catch (IOException e) {
            throw new BadInput("--record " + path + " cannot be written: " + e.getMessage());
        }
    }

    /** Takes the place of what was there, and describes the interfaces; one that cannot be written only stops. */
    void begin(List<RecordedInterface> described) {
        interfaces = described;
        refused = new long[described.size()];
        try {
            if (isRegular) {
                channel.truncate(0);
            }
        } catch (IOException e) {
            stop(e.getMessage());
        }
        String version = RecordFile.class.getPackage().getImplementationVersion();
        Pcapng.section(
                buffer,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                version == null ? "xdp4j" : "xdp4j " + version);
        for (RecordedInterface each : described) {
            byte[] name = Pcapng.utf8(each.name());
            byte[] description = Pcapng.utf8(each.description());
            makeRoom(Pcapng.interfaceBlockBytes(name, description));
            Pcapng.interfaceDescription(buffer, each.linkLayer().linkType(), name, description);
        }
        flush();
    }

    /**
     * Adds a packet, or counts it as refused when it has stopped. If it throws, the packet is neither.
     *
     * @param interfaceIndex in the list of interfaces
     * @param memory which has it at {@code at}, as {@link RecordedPacket} says
     * @param comment UTF-8; null for none
     */
    void add(int interfaceIndex, ByteBuffer memory, int at, byte[] comment) {
        LinkLayer linkLayer = interfaces.get(interfaceIndex).linkLayer();
        int packetBytes = RecordedPacket.bytes(memory, at);
        int bytesInFile = packetBytes + linkLayer.headerBytes();
        int missed = RecordedPacket.missed(memory, at);
        if (!isThereRoom(Pcapng.packetBlockBytes(bytesInFile, missed, comment))) {
            refused[interfaceIndex]++;
            return;
        }
        long timeNs = clock.at(RecordedPacket.arrivalNs(memory, at));
        int start = buffer.position();
        try {
            Pcapng.beginPacket(buffer, interfaceIndex, timeNs, bytesInFile);
            linkLayer.put(buffer, memory, RecordedPacket.start(at), packetBytes);
            Pcapng.endPacket(buffer, start, missed, comment);
            packetsInBuffer++;
        } catch (RuntimeException | Error e) {
            buffer.position(start); // only whole blocks go into the file
            throw e;
        }
    }

    /** For a block, and for the statistics behind all packets. */
    private boolean isThereRoom(int blockBytes) {
        long statistics = (long) interfaces.size() * Pcapng.STATISTICS_BYTES;
        if (stopped == null && bytes + buffer.position() + blockBytes + statistics > limitBytes) {
            stop("its limit of " + Figures.count(limitBytes) + " bytes is reached (--record-limit)");
        }
        if (stopped == null) {
            makeRoom(blockBytes);
        }
        return stopped == null;
    }

    private void makeRoom(int blockBytes) {
        if (buffer.remaining() < blockBytes) {
            flush();
        }
    }

    /** Writes what has come so far. */
    void flush() {
        buffer.flip();
        int all = buffer.limit();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            bytes += all;
            packets += packetsInBuffer;
        } catch (IOException e) {
            stop(e.getMessage());
            keepWholeBlocks(buffer.position(), all);
        }
        packetsInBuffer = 0;
        buffer.clear();
    }

    /** @param written how far the buffer has got into the file */
    private void keepWholeBlocks(int written, int all) {
        buffer.clear();
        int whole = 0;
        for (int at = 0; at < all; at += Pcapng.blockBytes(buffer, at)) {
            int end = at + Pcapng.blockBytes(buffer, at);
            boolean isPacket = Pcapng.isPacket(buffer, at);
            if (end <= written) {
                whole = end;
                packets += isPacket ? 1 : 0;
            } else if (isPacket) {
                refused[Pcapng.packetInterface(buffer, at)]++;
            }
        }
        bytes += whole;
        try {
            if (isRegular) {
                channel.truncate(bytes);
            }
        } catch (IOException e) {
            // it ends within a block: readers say so, and read what is before
        }
    }

    Path path() {
        return path;
    }

    /** Takes no more packets. Threads: any. */
    void stop(String why) {
        stopped = stopped == null ? why : stopped;
    }

    /** Why it takes no more; empty while it does. */
    Optional<String> stopped() {
        return Optional.ofNullable(stopped);
    }

    /** How many packets it has, once they have been flushed. */
    long packets() {
        return packets;
    }

    /** How many bytes it has, once they have been flushed. */
    long bytes() {
        return bytes;
    }

    /** Packets that came when it had stopped, or that it could not write. */
    long refused(int interfaceIndex) {
        return refused[interfaceIndex];
    }

    /**
     * Adds the statistics of an interface, which come last: there is always room for them.
     *
     * @param received packets that arrived
     * @param dropped of these: not in the file for want of room
     */
    void statistics(int interfaceIndex, long received, long dropped) {
        makeRoom(Pcapng.STATISTICS_BYTES);
        Pcapng.statistics(buffer, interfaceIndex, startNs, clock.at(System.nanoTime()), received, dropped);
    }

    /** What was flushed stays. One that has not begun is as it was before, or gone if it is new. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            if (interfaces == null && isNew) {
                Files.deleteIfExists(path);
            }
        }
    }
}

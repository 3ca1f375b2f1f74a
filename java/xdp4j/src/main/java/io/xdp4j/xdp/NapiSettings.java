// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * When the kernel lets an interface interrupt again after it was polled, which busy poll ({@link
 * XdpSocketOptions#busyPoll(int)}) wants to be late: what was set and what was there before. They hold for all queues
 * of the interface and all programs that use it, until somebody sets others: {@link #close()} puts back what was there.
 *
 * <p>{@code apply("eth1", 2, 200_000)} is the example of those who brought busy poll to AF_XDP. A receiver that does
 * not look for longer than the time-out gets its packets by interrupts again.
 *
 * <p>After a kill nobody closes. Another process can, with {@code new NapiSettings(...).restore()} and the five values,
 * which it has noted from {@link #apply}.
 *
 * <p>Threads: any; two at a time on one interface would overwrite each other's values.
 *
 * @param interfaceName for example {@code eth1}, in the network namespace of this process
 * @param deferHardIrqs polls in a row that bring nothing before interrupts are on again (napi_defer_hard_irqs)
 * @param groFlushTimeoutNs nanoseconds to the next poll while interrupts are deferred (gro_flush_timeout); 0: they are
 *     not
 * @param savedDeferHardIrqs what {@code deferHardIrqs} was before
 * @param savedGroFlushTimeoutNs what {@code groFlushTimeoutNs} was before
 * @see <a href="https://docs.kernel.org/networking/napi.html#irq-mitigation">IRQ mitigation</a>
 */
public record NapiSettings(
        String interfaceName,
        int deferHardIrqs,
        long groFlushTimeoutNs,
        int savedDeferHardIrqs,
        long savedGroFlushTimeoutNs)
        implements AutoCloseable {
    private static final Path CLASS_NET = Path.of("/sys/class/net");
    private static final String DEFER = "napi_defer_hard_irqs";
    private static final String TIMEOUT = "gro_flush_timeout";

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ENODEV = 19;
    private static final int EROFS = 30;

    /**
     * Checks what could become a path or a value that the kernel refuses.
     *
     * @param interfaceName for example {@code eth1}
     * @param deferHardIrqs see {@link #deferHardIrqs()}
     * @param groFlushTimeoutNs see {@link #groFlushTimeoutNs()}
     * @param savedDeferHardIrqs see {@link #savedDeferHardIrqs()}
     * @param savedGroFlushTimeoutNs see {@link #savedGroFlushTimeoutNs()}
     */
    public NapiSettings {
        if (!interfaceName.matches("[^/\\s]+") || interfaceName.matches("\\.\\.?")) {
            throw new IllegalArgumentException("'" + interfaceName + "' is no name of an interface");
        }
        if (deferHardIrqs < 0 || groFlushTimeoutNs < 0 || savedDeferHardIrqs < 0 || savedGroFlushTimeoutNs < 0) {
            throw new IllegalArgumentException(DEFER + " and " + TIMEOUT + " are never less than 0");
        }
    }

    /**
     * {@return what is set now, as both what is set and what was there before} Needs no privilege.
     *
     * @param interfaceName for example {@code eth1}
     * @throws KernelException ENODEV; ENOENT when /sys is that of another network namespace
     * @throws IOException when sysfs cannot be read
     * @throws IllegalArgumentException when the name is none of an interface
     */
    public static NapiSettings read(String interfaceName) throws IOException {
        NapiSettings name = new NapiSettings(interfaceName, 0, 0, 0, 0); // so that it is checked
        int deferHardIrqs = (int) name.value(DEFER);
        long groFlushTimeoutNs = name.value(TIMEOUT);
        return new NapiSettings(
                interfaceName, deferHardIrqs, groFlushTimeoutNs, deferHardIrqs, groFlushTimeoutNs);
    }

    /**
     * Sets both, or neither. A value that is there already is not written, so that what the administrator has set needs
     * no privilege here.
     *
     * @param interfaceName for example {@code eth1}
     * @param deferHardIrqs from 0
     * @param groFlushTimeoutNs nanoseconds, from 0
     * @return the settings, with what was there before, for {@link #restore()}
     * @throws KernelException as {@link #read}; EPERM for others than root with CAP_NET_ADMIN; EROFS when /sys is
     *     read-only
     * @throws IOException when the kernel refused the value
     * @throws IllegalArgumentException when the name is none of an interface, or a value is negative
     */
    public static NapiSettings apply(String interfaceName, int deferHardIrqs, long groFlushTimeoutNs)
            throws IOException {
        NapiSettings before = read(interfaceName);
        NapiSettings settings = new NapiSettings(
                interfaceName,
                deferHardIrqs,
                groFlushTimeoutNs,
                before.deferHardIrqs,
                before.groFlushTimeoutNs);
        try {
            settings.replace(TIMEOUT, before.groFlushTimeoutNs, groFlushTimeoutNs);
            settings.replace(DEFER, before.deferHardIrqs, deferHardIrqs);
        } catch (IOException e) {
            try {
                settings.restore();
            } catch (IOException alsoRefused) {
                e.addSuppressed(alsoRefused);
            }
            throw e;
        }
        return settings;
    }

    /**
     * Puts back what was there before, each of the two only if it still is what this has set: who changed it meanwhile
     * had a reason. An interface that is gone has taken its settings with it. Does nothing the second time.
     *
     * @throws KernelException as {@link #apply}, ENODEV excepted
     * @throws IOException when sysfs refused
     */
    public void restore() throws IOException {
        try {
            replace(DEFER, deferHardIrqs, savedDeferHardIrqs);
            replace(TIMEOUT, groFlushTimeoutNs, savedGroFlushTimeoutNs);
        } catch (KernelException e) {
            if (e.errno() != ENODEV) {
                throw e;
            }
        }
    }

    /** As {@link #restore()}. */
    @Override
    public void close() throws IOException {
        restore();
    }

    private void replace(String name, long expected, long value) throws IOException {
        if (expected == value || value(name) != expected) {
            return;
        }
        Path file = file(name);
        try {
            Files.writeString(file, Long.toString(value), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw refused("writing " + value + " to " + file + ": ", e);
        }
    }

    /** The file's mode refuses others than root, open(2) to write to a read-only /sys, and write(2) the rest. */
    private static IOException refused(String what, IOException e) {
        if (e instanceof AccessDeniedException || String.valueOf(e.getMessage()).contains("not permitted")) {
            return new KernelException(
                    EPERM, what + "permission denied; set it beforehand, or run as root with CAP_NET_ADMIN");
        }
        if (e.getClass() == FileSystemException.class) {
            return new KernelException(
                    EROFS, what + "/sys is read-only; `mount -o remount,rw /sys`, or set it where /sys is writable");
        }
        return new IOException(what + e.getMessage(), e);
    }

    private long value(String name) throws IOException {
        return Long.parseLong(Files.readString(file(name)).strip());
    }

    /** Of the interface that this process knows by the name: sysfs shows those of the process that mounted it. */
    private Path file(String name) throws IOException {
        int index = NetDevice.find(interfaceName).index();
        Path device = CLASS_NET.resolve(interfaceName);
        Path indexFile = device.resolve("ifindex");
        if (!Files.exists(indexFile)
                || Integer.parseInt(Files.readString(indexFile).strip()) != index) {
            throw new KernelException(
                    ENOENT,
                    device + " is not the interface " + interfaceName + " of this network namespace: /sys is that of"
                            + " another; `mount -t sysfs sysfs /sys` in this one");
        }
        return device.resolve(name);
    }
}

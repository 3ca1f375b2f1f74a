// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.guard.Guard;
import io.xdp4j.cli.guard.Undo;
import io.xdp4j.xdp.NapiSettings;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What busy poll takes beside the options of the sockets: as long as this is open, the interface interrupts late, so
 * that the receivers run its driver and not the interrupts. Should this process be killed, its guard puts back what was
 * there before.
 *
 * <p>Threads: one at a time.
 */
final class BusyPoll implements AutoCloseable {
    /** Both as in the example of those who brought busy poll to AF_XDP. */
    private static final int DEFER_HARD_IRQS = 2;

    private static final long GRO_FLUSH_TIMEOUT_NS = 200_000;

    private static final Pattern VERSION = Pattern.compile("(?<major>\\d+)\\.(?<minor>\\d+).*");

    private final Guard guard;
    private final NapiSettings settings;
    private final Undo undo;

    private BusyPoll(Guard guard, NapiSettings settings) {
        this.guard = guard;
        this.settings = settings;
        this.undo = Undo.of(settings);
    }

    /** @throws IOException when the interface cannot be told to, or may not */
    static BusyPoll open(String interfaceName, Guard guard) throws IOException {
        NapiSettings before = NapiSettings.read(interfaceName);
        BusyPoll busyPoll = new BusyPoll(
                guard,
                new NapiSettings(
                        interfaceName,
                        DEFER_HARD_IRQS,
                        GRO_FLUSH_TIMEOUT_NS,
                        before.deferHardIrqs(),
                        before.groFlushTimeoutNs()));
        guard.protect(busyPoll.undo); // first: there is no moment in which a kill would leave them
        try {
            NapiSettings.apply(interfaceName, DEFER_HARD_IRQS, GRO_FLUSH_TIMEOUT_NS);
        } catch (IOException | RuntimeException e) {
            guard.release(busyPoll.undo);
            throw e;
        }
        return busyPoll;
    }

    /**
     * For a person, behind what else is in force.
     *
     * @param budget 0: there is none
     * @param napi whether the sockets have a NAPI to run, as far as the kernel has told it
     */
    static String words(int budget, boolean napi) {
        if (budget == 0) {
            return "";
        }
        if (napi) {
            return ", busy poll of up to " + Figures.count(budget) + " packets";
        }
        return toldByABind(System.getProperty("os.version"))
                ? "; busy poll has no effect here: the driver announces no NAPI"
                : "; whether busy poll has an effect here the kernel tells when packets have come: see the summary as"
                        + " JSON";
    }

    /** Whether the kernel tells a socket its NAPI at once (from Linux 6.13 on), and not by its first packet. */
    static boolean toldByABind(String kernel) {
        Matcher version = VERSION.matcher(kernel);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group("major"));
        return major > 6 || major == 6 && Integer.parseInt(version.group("minor")) >= 13;
    }

    /** Puts back what was there before. */
    @Override
    public void close() throws IOException {
        settings.restore();
        guard.release(undo);
    }
}

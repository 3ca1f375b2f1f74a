// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are read and changed behind its back by way of sysfs itself. */
@Tag("integration")
@Timeout(60)
class NapiSettingsIT {
    private static final int ENODEV = 19;

    private static final Path DEFER = Path.of("/sys/class/net", VethPair.RX, "napi_defer_hard_irqs");
    private static final Path TIMEOUT = Path.of("/sys/class/net", VethPair.RX, "gro_flush_timeout");

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        set(DEFER, 3);
        set(TIMEOUT, 70_000);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    private static void set(Path file, long value) throws IOException {
        Files.writeString(file, Long.toString(value));
    }

    private static void expect(long deferHardIrqs, long groFlushTimeoutNs) throws IOException {
        assertEquals(Long.toString(deferHardIrqs), Files.readString(DEFER).strip());
        assertEquals(Long.toString(groFlushTimeoutNs), Files.readString(TIMEOUT).strip());
    }

    @Test
    void readsWhatIsSet() throws Exception {
        assertEquals(new NapiSettings(VethPair.RX, 3, 70_000, 3, 70_000), NapiSettings.read(VethPair.RX));
    }

    @Test
    void putsBackWhatWasThere() throws Exception {
        try (NapiSettings settings = NapiSettings.apply(VethPair.RX, 2, 200_000)) {
            assertEquals(new NapiSettings(VethPair.RX, 2, 200_000, 3, 70_000), settings);
            expect(2, 200_000);
        }
        expect(3, 70_000);
    }

    @Test
    void leavesWhatSomebodyElseHasSet() throws Exception {
        NapiSettings settings = NapiSettings.apply(VethPair.RX, 2, 200_000);
        set(DEFER, 9);
        settings.close();
        expect(9, 70_000);
        set(TIMEOUT, 200_000); // of somebody else, to whom it happens to suit too
        set(DEFER, 2);
        settings.restore();
        expect(3, 70_000);
        set(TIMEOUT, 0);
        settings.restore();
        expect(3, 0);
    }

    @Test
    void anotherProcessPutsBackAfterAKill() throws Exception {
        NapiSettings.apply(VethPair.RX, 2, 200_000); // and nobody closes it
        new NapiSettings(VethPair.RX, 2, 200_000, 3, 70_000).restore();
        expect(3, 70_000);
    }

    @Test
    void anInterfaceThatIsGoneNeedsNothing() throws Exception {
        NapiSettings settings = NapiSettings.apply(VethPair.RX, 2, 200_000);
        veth.close();
        veth = null;
        settings.close();
        KernelException e =
                assertThrows(KernelException.class, () -> NapiSettings.apply(VethPair.RX, 2, 200_000));
        assertEquals(ENODEV, e.errno());
        assertTrue(e.getMessage().contains("'rx0'"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../net/rx0", "rx0/../tx0", "rx0 ", "rx0\n"})
    void aNameNeverBecomesAPath(String name) {
        assertThrows(IllegalArgumentException.class, () -> NapiSettings.read(name));
        assertThrows(IllegalArgumentException.class, () -> NapiSettings.apply(name, 2, 200_000));
        assertThrows(IllegalArgumentException.class, () -> new NapiSettings(name, 2, 200_000, 0, 0));
    }

    @Test
    void wrongValuesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> NapiSettings.apply(VethPair.RX, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> NapiSettings.apply(VethPair.RX, 0, -1));
    }

    /** Applies other values to the interface that is named, and prints the refusal. */
    public static final class Refused {
        public static void main(String[] arguments) throws Exception {
            try {
                NapiSettings.apply(arguments[0], 2, 200_000);
                System.out.println("not refused");
            } catch (KernelException e) {
                System.out.println(e.errno() + " " + e.getMessage());
            }
        }
    }

    private static String refusal(String... prefix) throws Exception {
        return ChildJvm.run(List.of(prefix), Refused.class, VethPair.RX);
    }

    private static String inAnotherNamespace(String setUp) throws Exception {
        return refusal("unshare", "--net", "sh", "-c", setUp + "; exec \"$@\"", "sh");
    }

    /** It has an rx0 too, of another index, or none. */
    @Test
    void theSysfsOfAnotherNamespaceIsNamed() throws Exception {
        String refusal = inAnotherNamespace("ip link add rx0 index 4242 type veth peer name tx0");
        String anothers = "2 .*rx0 of this network namespace: /sys is that of another; `mount -t sysfs .*";
        assertTrue(refusal.matches(anothers), refusal);
        assertTrue(inAnotherNamespace(":").startsWith("19 there is no interface 'rx0'"), refusal);
        expect(3, 70_000);
        veth.close();
        veth = null;
        refusal = inAnotherNamespace("ip link add rx0 type veth peer name tx0");
        assertTrue(refusal.matches(anothers), refusal);
    }

    @Test
    void aReadOnlySysIsNamed() throws Exception {
        String refusal = refusal(
                "unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro /sys; exec \"$@\"", "sh");
        assertTrue(refusal.matches("30 writing 200000 to .*rx0/gro_flush_timeout: /sys is read-only.*"), refusal);
        expect(3, 70_000);
    }

    @Test
    void aMissingCapabilityIsNamed() throws Exception {
        String refusal = refusal("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin");
        assertTrue(refusal.matches("1 writing 200000 to .*rx0/gro_flush_timeout: .*CAP_NET_ADMIN"), refusal);
        String nobody = refusal("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"); // to read the class path
        assertTrue(nobody.matches("1 writing 200000 to .*rx0/gro_flush_timeout: .*CAP_NET_ADMIN"), nobody);
        expect(3, 70_000);
    }
}

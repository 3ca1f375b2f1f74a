// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.NetDeviceCounters;
import io.xdp4j.xdp.NetDeviceSetup;
import io.xdp4j.xdp.SteeringRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The interface that is looked at.
 *
 * @param device as the kernel knows it
 * @param setup what its driver can do
 * @param driver for example {@code ixgbe}; empty where it has no name
 * @param ring descriptors of a queue's ring in the card; 0 where the driver does not tell
 * @param ringMax what that can be set to
 * @param takesRules whether it puts flows on queues when told to
 * @param addresses that it has
 * @param folder of it in sysfs; empty where the sysfs that is mounted has those of another network namespace
 */
record Nic(
        NetDevice device,
        NetDeviceSetup setup,
        String driver,
        int ring,
        int ringMax,
        boolean takesRules,
        List<InetAddress> addresses,
        Optional<String> folder) {
    private static final NetDeviceSetup.Feature MISSING = new NetDeviceSetup.Feature(false, true);

    /** @throws IOException when there is no such interface, or its driver cannot be asked */
    static Nic read(String name, SystemFiles files) throws IOException {
        NetDevice device = NetDevice.find(name);
        NetDeviceCounters counters = NetDeviceCounters.read(name);
        return new Nic(
                device,
                NetDeviceSetup.read(name),
                counters.driver(),
                counters.rxRing(),
                counters.rxRingMax(),
                SteeringRules.supported(name),
                addresses(name),
                folder(device, files));
    }

    /** Java does not know an interface that has none. */
    private static List<InetAddress> addresses(String name) throws IOException {
        NetworkInterface known = NetworkInterface.getByName(name);
        return known == null ? List.of() : Collections.list(known.getInetAddresses());
    }

    private static Optional<String> folder(NetDevice device, SystemFiles files) throws IOException {
        String folder = "/sys/class/net/" + device.name();
        return files.number(folder + "/ifindex", -1) == device.index() ? Optional.of(folder) : Optional.empty();
    }

    String name() {
        return device.name();
    }

    /** One that the kernel does not know is off, for good. */
    NetDeviceSetup.Feature feature(String kernelsName) {
        return setup.features().getOrDefault(kernelsName, MISSING);
    }

    /** How a person calls the driver. */
    String driverName() {
        return driver.isEmpty() ? "the driver" : driver;
    }

    /** Whose other end is in this machine. */
    boolean isVeth() {
        return driver.equals("veth");
    }

    /** A device that is a machine's own, rather than one made by software: the one has interrupts. */
    boolean isVirtual(SystemFiles files) {
        return folder.isPresent() && !files.exists(folder.get() + "/device");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.jfr.JfrEvents;
import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.NetDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notices that an interface went down, came back, has other queues or is gone: the sockets on it just fall silent. */
final class InterfaceWatch {
    private final NetDevice device;
    private boolean up;
    private int rxQueues;

    /** @param device as it was when the sockets were opened */
    InterfaceWatch(NetDevice device) {
        this.device = device;
        this.up = device.up();
        this.rxQueues = device.rxQueues();
    }

    /** What to say when the interface is gone; another one of the same name is another interface. */
    Optional<String> gone() {
        if (find().filter(found -> found.index() == device.index()).isPresent()) {
            return Optional.empty();
        }
        JfrEvents.mode("interface " + device.name(), "up", "gone", null);
        return Optional.of("interface " + device.name() + " is gone: start again when it is back");
    }

    /** What to say when the interface has gone down or come up, or has other queues, since the last call. */
    List<String> changes() {
        List<String> changes = new ArrayList<>();
        Optional<NetDevice> now = find();
        String name = device.name();
        boolean wasUp = up;
        up = now.map(NetDevice::up).orElse(false);
        if (up != wasUp) {
            JfrEvents.mode("interface " + name, "up", up ? "up" : "down", null);
            changes.add("interface " + name + (up ? " is up again" : " is down: ip link set " + name + " up"));
        }
        int before = rxQueues;
        rxQueues = now.map(NetDevice::rxQueues).orElse(before);
        if (rxQueues != before) {
            JfrEvents.mode("RX queues of " + name, Integer.toString(before), Integer.toString(rxQueues), null);
            changes.add("interface " + name + " has " + rxQueues + " RX queues now, and had " + before
                    + ": start again, so that each has its receiver");
        }
        return changes;
    }

    private Optional<NetDevice> find() {
        try {
            return Optional.of(NetDevice.find(device.name()));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }
}

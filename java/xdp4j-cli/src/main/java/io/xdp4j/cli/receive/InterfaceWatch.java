// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.NetDevice;
import java.util.Optional;

/** Notices that an interface went down, came back or is gone: the sockets on it just fall silent. */
final class InterfaceWatch {
    private final NetDevice device;
    private boolean up;

    /** @param device as it was when the sockets were opened */
    InterfaceWatch(NetDevice device) {
        this.device = device;
        this.up = device.up();
    }

    /** What to say when the interface is gone; another one of the same name is another interface. */
    Optional<String> gone() {
        return find().filter(found -> found.index() == device.index()).isPresent()
                ? Optional.empty()
                : Optional.of("interface " + device.name() + " is gone: start again when it is back");
    }

    /** What to say when the interface has gone down or come up since the last call. */
    Optional<String> change() {
        boolean was = up;
        up = find().map(NetDevice::up).orElse(false);
        if (up == was) {
            return Optional.empty();
        }
        String name = device.name();
        return Optional.of("interface " + name + (up ? " is up again" : " is down: ip link set " + name + " up"));
    }

    private Optional<NetDevice> find() {
        try {
            return Optional.of(NetDevice.find(device.name()));
        } catch (KernelException e) {
            return Optional.empty();
        }
    }
}

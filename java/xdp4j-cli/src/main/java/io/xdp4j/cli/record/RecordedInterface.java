// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

/**
 * An interface of the file: each receiver has one, and so each RX queue or socket.
 *
 * @param name of the network interface
 * @param receiver for example {@code RX queue 0}
 */
record RecordedInterface(String name, String receiver, LinkLayer linkLayer) {
    String description() {
        return linkLayer.madeUp().isEmpty() ? receiver : receiver + "; " + linkLayer.madeUp();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.XdpSettings;

/**
 * What a worker is to do.
 *
 * @param settings how to receive
 * @param sockets how many
 * @param batch packets a call brings at most
 * @param idle what to do when nothing is there, as on the command line
 * @param flows for how many flow ids there is room in the memory that it shares
 */
record WorkerTask(
        String interfaceName, int queue, XdpSettings settings, int sockets, int batch, String idle, int flows) {}

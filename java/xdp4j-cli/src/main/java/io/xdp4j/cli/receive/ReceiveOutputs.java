// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.io.IOException;
import picocli.CommandLine.Command;

/** The options that say who else is to know how receiving goes (a picocli mixin). */
@Command
final class ReceiveOutputs {
    /**
     * Opens what was asked for, before anything is received; if one cannot be opened, none stays open.
     *
     * @throws io.xdp4j.cli.BadInput which names the option and the remedy
     */
    OpenObservers open(ReceiveSettings settings, ReceiveObserver first) throws IOException {
        OpenObservers opened = new OpenObservers();
        opened.add(first);
        return opened;
    }
}

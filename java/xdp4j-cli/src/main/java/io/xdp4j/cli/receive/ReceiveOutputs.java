// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.RecordOptions;
import io.xdp4j.cli.record.Recording;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The options that say who else is to know how receiving goes (a picocli mixin). */
@Command
final class ReceiveOutputs {
    @Mixin
    private RecordOptions record;

    /**
     * Opens what was asked for, before anything is received; if one cannot be opened, none stays open.
     *
     * @throws io.xdp4j.cli.BadInput which names the option and the remedy
     */
    OpenObservers open(ReceiveSettings settings, ReceiveObserver first) throws IOException {
        OpenObservers opened = new OpenObservers();
        opened.add(first);
        record.settings()
                .map(wanted -> Recording.open(wanted, settings.interfaceName(), settings.receivers()))
                .ifPresent(opened::add);
        return opened;
    }
}

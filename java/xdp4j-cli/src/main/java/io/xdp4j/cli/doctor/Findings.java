// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;

/** What has been found so far, in the order of the checks. A check that cannot be made is found unknown. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Host host;

    Findings(Host host) {
        this.host = host;
    }

    /** One check. */
    @FunctionalInterface
    interface Look {
        Finding look() throws IOException;
    }

    void add(Check check, Look look) {
        try {
            all.add(look.look());
        } catch (AccessDeniedException e) {
            all.add(Finding.unknown(check, SystemFiles.why(e), "", host.asRoot()));
        } catch (IOException | NumberFormatException e) {
            all.add(Finding.unknown(check, SystemFiles.why(e), ""));
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}

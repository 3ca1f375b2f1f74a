// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * What the kernel was built with, where it tells.
 *
 * @param lines of its configuration; empty where it cannot be read
 */
record KernelConfig(Optional<Set<String>> lines) {
    private static final String OF_ITSELF = "/proc/config.gz";

    /** @param release as uname(2) has it */
    static KernelConfig read(SystemFiles files, String release) {
        try {
            if (files.exists(OF_ITSELF)) {
                return of(unzipped(files.bytes(OF_ITSELF)));
            }
            for (String file : List.of("/boot/config-" + release, "/lib/modules/" + release + "/config")) {
                if (files.exists(file)) {
                    return of(files.read(file));
                }
            }
        } catch (IOException e) {
            // as good as none
        }
        return new KernelConfig(Optional.empty());
    }

    static KernelConfig of(String text) {
        return new KernelConfig(Optional.of(new HashSet<>(text.lines().toList())));
    }

    private static String unzipped(byte[] bytes) throws IOException {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether it has a part as a module, which may not be loaded; no where that is not told. */
    boolean hasAsModule(String option) {
        return lines.map(all -> all.contains(option + "=m")).orElse(false);
    }

    /**
     * Whether it has a part, built in or as a module; empty where that is not told.
     *
     * @param option for example {@code CONFIG_XDP_SOCKETS}
     */
    Optional<Boolean> has(String option) {
        return lines.map(all -> all.contains(option + "=y") || all.contains(option + "=m"));
    }
}

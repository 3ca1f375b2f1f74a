// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import io.xdp4j.cli.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The lab for interactive use: two named network namespaces (ip-netns(8)) joined by a {@link VethPair}. */
final class NamedLab {
    private static final Path NAMES = Path.of("/run/netns");
    private static final String NO_LAB = "no lab: sudo ./xdp4j lab up";

    /** One side of the lab. */
    enum Side {
        TX(VethPair.TX),
        RX(VethPair.RX);

        private final String interfaceName;

        Side(String interfaceName) {
            this.interfaceName = interfaceName;
        }

        String namespaceName() {
            return "xdp4j-" + this;
        }

        /** As the command line has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        String interfaceName() {
            return interfaceName;
        }

        Namespace namespace() {
            return new Namespace(NAMES.resolve(namespaceName()).toString());
        }

        boolean exists() {
            return Files.exists(NAMES.resolve(namespaceName()));
        }

        /** Pids of the processes in the namespace. */
        List<Long> processes() throws IOException {
            return Tool.run(List.of("ip", "netns", "pids", namespaceName()))
                    .lines()
                    .map(line -> Long.valueOf(line.strip()))
                    .toList();
        }
    }

    private NamedLab() {}

    /** Makes it, or leaves nothing. */
    static void up(int queues) throws IOException, InterruptedException {
        for (Side side : Side.values()) {
            if (side.exists()) {
                throw new BadInput("the lab is up already: use it (sudo ./xdp4j lab status) or sudo ./xdp4j lab down");
            }
        }
        Deque<Side> made = new ArrayDeque<>();
        try {
            for (Side side : Side.values()) {
                made.push(side);
                Tool.run(List.of("ip", "netns", "add", side.namespaceName()));
            }
            VethPair.lay(Side.TX.namespace(), Side.RX.namespace(), queues);
        } catch (IOException | InterruptedException | RuntimeException e) {
            for (Side side : made) {
                remove(side);
            }
            throw e;
        }
    }

    /** Removes interfaces and namespaces; half a lab as well. */
    static void down() throws IOException {
        if (!Side.TX.exists() && !Side.RX.exists()) {
            throw new BadInput(NO_LAB);
        }
        for (Side side : Side.values()) {
            remove(side);
        }
    }

    /** @throws BadInput unless both namespaces are there */
    static void require() {
        if (!Side.TX.exists() || !Side.RX.exists()) {
            throw new BadInput(NO_LAB);
        }
    }

    /** The interface goes first, for a process that stays in the namespace keeps everything in it alive. */
    private static void remove(Side side) throws IOException {
        if (!side.exists()) {
            return;
        }
        try {
            side.namespace().run("ip", "link", "del", side.interfaceName());
        } catch (IOException e) {
            // went with its peer, or was never made
        }
        Tool.run(List.of("ip", "netns", "del", side.namespaceName()));
    }
}

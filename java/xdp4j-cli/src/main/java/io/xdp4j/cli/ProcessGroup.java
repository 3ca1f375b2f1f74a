// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How the process group of this process stands to its controlling terminal: {@code proc_pid_stat(5)}. */
public final class ProcessGroup {
    private static final int PGRP = 2; // behind the name in brackets: state, ppid, pgrp, session, tty_nr, tpgid
    private static final int TPGID = 5;

    private ProcessGroup() {}

    /** Whether it is the one that Ctrl-C on the terminal reaches: as opposed to one that a shell runs behind. */
    public static boolean isForeground() {
        List<String> stat = stat();
        return !stat.isEmpty() && stat.get(PGRP).equals(stat.get(TPGID));
    }

    /** Whether it has a controlling terminal at all. */
    public static boolean hasTerminal() {
        List<String> stat = stat();
        return !stat.isEmpty() && !stat.get(TPGID).equals("-1");
    }

    private static List<String> stat() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return List.of();
        }
    }
}

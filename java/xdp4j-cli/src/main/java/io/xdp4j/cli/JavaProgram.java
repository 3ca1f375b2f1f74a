// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This very program, to be started once more: the same java, the same options, the same classes. */
public final class JavaProgram {
    private JavaProgram() {}

    /** @param arguments of the command line, from the sub-command on */
    public static List<String> command(List<String> arguments) {
        List<String> command = java();
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(":")) {
            command.addAll(List.of("-jar", classPath)); // so that its manifest counts
        } else {
            command.addAll(List.of("-cp", classPath, Main.class.getName()));
        }
        command.addAll(arguments);
        return command;
    }

    /**
     * In a session of its own, for a terminal's Ctrl-C is not for it.
     *
     * @param main another class of it to begin with
     */
    public static List<String> detached(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(java());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // An agent belongs to one process: a debugger's port, a profiler's file. So does the file of a recording.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .filter(option -> !option.startsWith("-XX:StartFlightRecording"))
                .forEach(command::add);
        return command;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.receive.NumberList;
import io.xdp4j.process.Capabilities;
import io.xdp4j.xdp.Xdp;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The machine, and what this process is on it.
 *
 * @param files that the kernel tells in
 * @param release of the kernel, as uname(2) has it
 * @param config of the kernel
 * @param refusal why AF_XDP cannot be had, and what to do; empty where it can
 * @param capabilities of this process
 * @param root whether it is root's
 * @param cpus that it may use, at least one
 * @param again what root is to run for the same
 */
record Host(
        SystemFiles files,
        String release,
        KernelConfig config,
        Optional<String> refusal,
        Set<String> capabilities,
        boolean root,
        List<Integer> cpus,
        String again) {
    private static final String STATUS = "/proc/self/status";

    /** @param again what root is to run for the same */
    static Host read(SystemFiles files, String again) throws IOException {
        String release = System.getProperty("os.version");
        return new Host(
                files,
                release,
                KernelConfig.read(files, release),
                Xdp.unavailabilityCause().map(Throwable::getMessage),
                Capabilities.effective(),
                status(files, "Uid:").split("\\s+")[1].equals("0"), // the effective one
                NumberList.parse(status(files, "Cpus_allowed_list:"), "CPUs"),
                again);
    }

    private static String status(SystemFiles files, String field) throws IOException {
        return files.lines(STATUS).stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no " + field));
    }

    /** What the kernel asks for is this capability, or the one that has it in it. */
    boolean may(String capability, String orInIt) {
        return capabilities.contains(capability) || capabilities.contains(orInIt);
    }

    /** The command that shows it, if root runs it; none for root. */
    String[] asRoot() {
        return root ? new String[0] : new String[] {again};
    }
}

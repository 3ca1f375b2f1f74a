// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of Linux, as far as it says what a kernel can do. */
record KernelVersion(int major, int minor, int patch) {
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    /** @param release as uname(2) has it, for example {@code 6.1.0-18-amd64} */
    static KernelVersion of(String release) {
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            throw new NumberFormatException("'" + release + "' is no release of Linux");
        }
        return new KernelVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)));
    }

    boolean isAtLeast(KernelVersion other) {
        return Comparator.comparingInt(KernelVersion::major)
                        .thenComparingInt(KernelVersion::minor)
                        .thenComparingInt(KernelVersion::patch)
                        .compare(this, other)
                >= 0;
    }

    @Override
    public String toString() {
        return major + "." + minor + (patch == 0 ? "" : "." + patch);
    }
}

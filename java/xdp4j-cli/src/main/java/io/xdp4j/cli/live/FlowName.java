// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.packet.Flow;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A flow as short as {@code --flow} takes it: IPv6 addresses as in RFC 5952, {@code [ff3e::1]:5004@2001:db8::7}. */
final class FlowName {
    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]*(:[0-9a-f]+){7}");

    private FlowName() {}

    static String of(Flow flow) {
        return flow.isIpv6()
                ? ADDRESS.matcher(flow.toString()).replaceAll(address -> shortened(address.group()))
                : flow.toString();
    }

    /** The longest run of zeros, of several as long the first, becomes two colons. */
    private static String shortened(String address) {
        Optional<MatchResult> longest = ZEROS.matcher(address)
                .results()
                .max(Comparator.<MatchResult>comparingInt(zeros -> zeros.group().length())
                        .thenComparing(zeros -> -zeros.start()));
        return longest.map(zeros -> (address.substring(0, zeros.start())
                                + "::"
                                + address.substring(zeros.end()))
                        .replaceFirst(":{3,}", "::"))
                .orElse(address);
    }
}

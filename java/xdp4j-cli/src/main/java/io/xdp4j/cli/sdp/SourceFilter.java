// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code a=source-filter: incl IN IP4 GROUP SOURCE...} (RFC 4570). The blank behind the colon is often left out, and so
 * in RFC 7104.
 *
 * @param includes whether only these sources are wanted; else all but these
 * @param type IP4, IP6, or * for both
 * @param group null for all groups of the type
 * @param sources at least one
 */
record SourceFilter(SdpLine line, boolean includes, String type, InetAddress group, List<InetAddress> sources) {
    private static final String ATTRIBUTE = "source-filter";

    private static final int MOST_NAMED = 3;
    private static final Pattern SYNTAX = Pattern.compile("(incl|excl)\\s+IN\\s+(IP4|IP6|\\*)\\s+(\\S+)\\s+(\\S.*)");

    static List<SourceFilter> of(Section section) {
        return section.attributes(ATTRIBUTE).stream().map(SourceFilter::parse).toList();
    }

    private static SourceFilter parse(SdpLine line) {
        Matcher matcher = SYNTAX.matcher(line.attributeValue());
        if (!matcher.matches()) {
            throw line.malformed("a=source-filter: incl IN IP4 GROUP SOURCE");
        }
        String type = matcher.group(2);
        try {
            InetAddress group = matcher.group(3).equals("*") ? null : Literal.parse(matcher.group(3), type);
            List<InetAddress> sources = new ArrayList<>();
            for (String source : SdpLine.words(matcher.group(4))) {
                sources.add(Literal.parse(source, type));
            }
            return new SourceFilter(line, matcher.group(1).equals("incl"), type, group, sources);
        } catch (IllegalArgumentException e) {
            throw line.refusal(e.getMessage());
        }
    }

    boolean isFor(InetAddress address) {
        return group != null
                ? group.equals(address)
                : type.equals("*") || type.equals(address instanceof Inet4Address ? "IP4" : "IP6");
    }

    /**
     * Checks that each is for something where it stands.
     *
     * @param groups all that there are there
     * @throws IllegalArgumentException naming the line of one that is for none of them
     */
    static void checkUse(List<SourceFilter> filters, List<InetAddress> groups) {
        for (SourceFilter filter : filters) {
            if (groups.stream().noneMatch(filter::isFor)) {
                throw filter.line.refusal("the source-filter is for " + filter.target() + ", and the flows here go to "
                        + names(groups));
            }
        }
    }

    private String target() {
        return group == null ? "IPv" + type.charAt(2) : group.getHostAddress();
    }

    private static String names(List<InetAddress> groups) {
        List<String> names = groups.stream().map(InetAddress::getHostAddress).distinct().toList();
        return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
                + (names.size() > MOST_NAMED ? " and others" : "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.util.ArrayList;
import java.util.List;

/**
 * A session description (RFC 8866) as lines in sections. What does not matter to a receiver is not checked: a line that
 * is missing or not in its place, and an attribute that nobody knows.
 *
 * @param session its lines before the first media
 * @param media at least one
 */
record SessionDescription(Section session, List<Section> media) {
    /** @throws IllegalArgumentException whose message names the line, if it is one, and the reason */
    static SessionDescription parse(String text) {
        List<List<SdpLine>> sections = new ArrayList<>();
        sections.add(new ArrayList<>());
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                add(number, line, sections);
            }
        }
        if (sections.get(0).isEmpty()) {
            throw new IllegalArgumentException("is empty: a session description begins with v=0");
        }
        if (sections.size() == 1) {
            throw new IllegalArgumentException("has no m= line: it describes nothing that could be received");
        }
        List<Section> all = sections.stream().map(Section::new).toList();
        return new SessionDescription(all.get(0), all.subList(1, all.size()));
    }

    private static void add(int number, String text, List<List<SdpLine>> sections) {
        SdpLine line = SdpLine.of(number, text);
        boolean isFirst = sections.get(0).isEmpty();
        if (isFirst && !line.toString().equals("v=0")) {
            throw line.malformed("v=0, with which a session description begins");
        }
        if (!isFirst && line.type() == 'v') {
            throw line.refusal("a second v= line: put each session description into a file of its own");
        }
        if (line.type() == 'm') {
            sections.add(new ArrayList<>());
        }
        sections.get(sections.size() - 1).add(line);
    }

    /** By {@code s=}; null when it has none, or says so by a dash or a blank. */
    String name() {
        return session.ofType('s').stream()
                .map(line -> line.value().strip())
                .filter(name -> !name.isEmpty() && !name.equals("-"))
                .findFirst()
                .orElse(null);
    }
}

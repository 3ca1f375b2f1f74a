// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A part of a session description: the lines of the session, or those of one media.
 *
 * @param lines in their order; those of a media begin with its {@code m=}
 */
record Section(List<SdpLine> lines) {
    Section {
        lines = List.copyOf(lines);
    }

    List<SdpLine> ofType(char type) {
        return lines.stream().filter(line -> line.type() == type).toList();
    }

    List<SdpLine> attributes(String name) {
        return attributeStream(name).toList();
    }

    Optional<SdpLine> attribute(String name) {
        return attributeStream(name).findFirst();
    }

    private Stream<SdpLine> attributeStream(String name) {
        return lines.stream().filter(line -> line.isAttribute(name));
    }
}

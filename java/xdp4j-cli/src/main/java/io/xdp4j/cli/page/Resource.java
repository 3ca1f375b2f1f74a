// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A text in this program's jar. */
final class Resource {
    private Resource() {}

    /** @param name beside this class, or with a slash in front from the top */
    static String text(String name) throws IOException {
        try (InputStream stream = Resource.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException("this program has no " + name + " in it: build it again");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

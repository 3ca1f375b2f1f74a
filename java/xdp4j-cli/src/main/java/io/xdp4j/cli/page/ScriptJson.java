// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON for an element {@code <script type="application/json">}, whatever the texts in it. */
final class ScriptJson {
    private ScriptJson() {}

    /**
     * What could end the element, or begin a comment in it, is escaped. JSON has these characters in strings alone, and
     * there an escape means the same.
     */
    static String of(Object value) throws JsonProcessingException {
        return new ObjectMapper()
                .writeValueAsString(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}

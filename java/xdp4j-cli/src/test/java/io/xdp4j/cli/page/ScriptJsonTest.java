// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptJsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"</script>", "<!-- <script>", "]]>", "\u2028\u2029", "&amp;", "\\u003c", "\"'\\"})
    void nothingInATextEndsTheElementAndAllOfItComesBack(String text) throws JsonProcessingException {
        String json = ScriptJson.of(List.of(text));

        for (String unsafe : List.of("<", ">", "&", "\u2028", "\u2029")) {
            assertFalse(json.contains(unsafe), json);
        }
        assertEquals(text, new ObjectMapper().readTree(json).get(0).asText());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void whatIsPutInIsNotLookedAt() {
        assertEquals(
                "<{{b}} $1 \\> <two>",
                Template.fill("<{{a}}> <{{b}}>", Map.of("a", "{{b}} $1 \\", "b", "two")));
    }

    @Test
    void aPlaceWithNothingToPutIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> Template.fill("{{a}}", Map.of()));
    }
}

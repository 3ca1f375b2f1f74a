// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParagraphTest {
    @Test
    void breaksBetweenWordsAtTheWidth() {
        String sixty = "x".repeat(60);
        String fiftySeven = "y".repeat(57);

        assertEquals(
                List.of("  " + sixty + " " + fiftySeven, "  z"), // 2 + 60 + 1 + 57 = 120
                Paragraph.lines(2, sixty + " " + fiftySeven + " z"));
    }

    @Test
    void aWordLongerThanALineHasOneToItself() {
        String word = "x".repeat(130);

        assertEquals(List.of("a", word, "b"), Paragraph.lines(0, "a " + word + " b"));
    }
}

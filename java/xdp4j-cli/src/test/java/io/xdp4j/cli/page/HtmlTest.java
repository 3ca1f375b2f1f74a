// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void whatMeansSomethingToHtmlIsEscaped() {
        assertEquals("a &lt;b&gt; &amp; &quot;c&quot; 'd'", Html.text("a <b> & \"c\" 'd'"));
        assertEquals("&amp;lt;", Html.text("&lt;"));
    }

    @Test
    void whatHtmlMayNotHaveIsReplaced() {
        assertEquals("a\uFFFDb\uFFFDc\td\ne", Html.text("a\0b\u001bc\td\ne"));
    }

    @Test
    void whatKindASentenceIsAndWhatToTypeStandsOut() {
        assertEquals(
                "<strong>Known from:</strong> the driver&lt;s&gt;.", Html.sentence("Known from: the driver<s>."));
        assertEquals(
                "<strong>Options:</strong> <code>--fill-ring 32768</code> <code>--idle spin</code>",
                Html.sentence("Options: --fill-ring 32768 --idle spin"));
        assertEquals("none: <code>echo 1 &gt; /sys/x</code>", Html.sentence("none: `echo 1 > /sys/x`"));
    }
}

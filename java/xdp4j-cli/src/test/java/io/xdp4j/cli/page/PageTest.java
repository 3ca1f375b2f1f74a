// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {
    /** An attribute or a function that makes a browser fetch something from elsewhere. */
    private static final Pattern FETCHED =
            Pattern.compile("<[^>]*\\b(src|srcset|href|data|action|poster)=[\"']?+(?!#|data:,)|@import|url\\(");

    @Test
    void asksForNothing() throws IOException {
        String html = html();
        String withoutLibrary = html.replace(Library.load().script(), "").replace(Html.text(Pages.EVIL), "");

        assertTrue(html.length() - withoutLibrary.length() > 500_000, "the library is inside");
        assertFalse(FETCHED.matcher(withoutLibrary).find());
    }

    @Test
    void isOfAboutAMegabyte() throws IOException {
        assertTrue(html().length() < 1_000_000);
    }

    /** Who is given the page is given the library, and with it its licences and its notice. */
    @Test
    void hasTheLicencesOfTheLibrary() throws IOException {
        String html = html();

        assertTrue(html.contains("Apache License\n"), "its licence");
        assertTrue(html.contains("The Apache Software Foundation (https://www.apache.org/)"), "its notice");
        assertTrue(html.contains("Mike Bostock"), "d3's licence");
        assertTrue(html.contains("Baidu"), "ZRender's licence");
    }

    /** Else the hash that the policy names would be of another text: HTML knows no CR. */
    @Test
    void scriptsAreAsHtmlHasThem() throws IOException {
        for (String script : new String[] {Library.load().script(), Resource.text("plots.js")}) {
            assertFalse(script.contains("\r"));
            assertFalse(script.toLowerCase(Locale.ROOT).contains("</script"));
            assertFalse(script.contains("<!--"));
        }
    }

    @Test
    void isTheSameWithoutScript() throws IOException {
        String html = html();

        assertEquals(4, count(html, "role=\"img\" aria-label=\""));
        assertEquals(4, count(html, "<td>1,234</td>"));
        assertTrue(html.contains("<noscript>"));
    }

    @Test
    void noHandlerIsInTheMarkup() throws IOException {
        String markup = html().replaceAll("(?s)<script.*?</script>", "").replace(Html.text(Pages.EVIL), "");

        assertFalse(Pattern.compile("<[^>]*\\son[a-z]+=").matcher(markup).find());
    }

    private static String html() throws IOException {
        return new String(Pages.ofAllKinds().bytes(), StandardCharsets.UTF_8);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}

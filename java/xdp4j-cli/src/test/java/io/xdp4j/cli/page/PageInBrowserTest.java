// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of all kinds of plots in a browser. The machine may have a network: nothing is asked of it. */
class PageInBrowserTest {
    private static final List<String> PLOTS = List.of("bars", "rows", "percentiles", "timeline");

    /** The contrast of two colours (WCAG 2.2, "contrast ratio"). */
    private static final String CONTRAST = """
              const channels = css => css.match(/[0-9.]+/g).slice(0, 3).map(Number);
              const linear = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
              const luminance = css => {
                const [r, g, b] = channels(css).map(linear);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const contrast = (one, other) => {
                const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
                return (light + 0.05) / (dark + 0.05);
              };
            """;

    /** The least contrast of any text that is seen with what is behind it (WCAG 2.2, 1.4.3), and whose it is. */
    private static final String LEAST_CONTRAST = """
            (() => {
            """ + CONTRAST + """
              const behind = element => {
                for (; element; element = element.parentElement) {
                  const colour = getComputedStyle(element).backgroundColor;
                  if (!/, 0\\)$/.test(colour)) return colour;
                }
              };
              const seen = Array.from(document.querySelectorAll('body *')).filter(element =>
                element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible' &&
                Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim()));
              const contrasts = seen.map(element => {
                const style = getComputedStyle(element);
                const ink = element instanceof SVGElement ? style.fill : style.color;
                return {
                  contrast: contrast(ink, behind(element)),
                  of: element.tagName + ' ' + element.textContent.slice(0, 40),
                };
              });
              return contrasts.reduce((least, each) => (each.contrast < least.contrast ? each : least));
            })()""";

    /** How many lines of the timeline stand out from the paper (WCAG 2.2, 1.4.11): its grid does not. */
    private static final String LINES_SEEN = """
            (() => {
            """ + CONTRAST + """
              const paper = getComputedStyle(document.body).backgroundColor;
              return Array.from(document.querySelectorAll('#timeline svg path'), path => getComputedStyle(path))
                .filter(style => style.fill === 'none' && style.stroke !== 'none')
                .filter(style => Number(style.strokeOpacity) === 1 && parseFloat(style.strokeWidth) >= 1)
                .filter(style => contrast(style.stroke, paper) >= 3).length;
            })()""";

    private static final String LIGHT_INK = "#1b2430";

    /** The colour of what a bar is called. */
    private static final String INK = """
            Array.from(document.querySelectorAll('#bars svg text')).find(text => text.textContent === 'one')
              .getAttribute('fill')""";

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static Path file;

    @BeforeAll
    static void open() throws IOException {
        browser = Browser.open();
        file = folder.resolve("a page.html");
        Files.write(file, Pages.ofAllKinds().bytes());
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void load() throws IOException {
        browser.allowScript(true);
        browser.resize(1_100, 900);
        browser.prefer("light");
        browser.load(file);
    }

    @Test
    void drawsEveryPlotAsksForNothingAndComplainsOfNothing() throws IOException {
        for (String plot : PLOTS) {
            assertTrue(number("document.querySelectorAll('#" + plot + " svg path').length") > 3, plot);
        }
        assertEquals(List.of(), browser.complaints());
        assertEquals(List.of(), browser.requests());
    }

    /** What the other tests rely on: the browser has a request and an error where there is one. */
    @Test
    void aPageThatAsksAndFailsWouldBeNoticed() throws IOException {
        Path other = Files.writeString(folder.resolve("other.html"), "<!doctype html><script src=other.js></script>"
                + "<img src=http://127.0.0.1:1/picture><script>console.warn('careful'); nothing.there();</script>");

        browser.load(other);

        assertEquals(
                List.of(folder.resolve("other.js").toUri().toString(), "http://127.0.0.1:1/picture"),
                browser.requests());
        String complaints = String.join("\n", browser.complaints());
        assertTrue(complaints.contains("careful") && complaints.contains("ReferenceError"), complaints);
    }

    /** Whatever a name has in it, it is a name. */
    @Test
    void textsAreNoMarkup() throws IOException {
        assertEquals(0, number("document.images.length"));
        assertEquals(3, number("document.scripts.length"));
        assertEquals("Page of " + Pages.EVIL, browser.evaluate("document.title").asText().replace('\n', '\u2028'));
        assertEquals(Pages.EVIL, browser.evaluate("JSON.parse(document.getElementById('plots').text)[0].names[1]")
                .asText());
        assertTrue(browser.evaluate("document.getElementById('bars').textContent").asText().contains("</script><img"));
    }

    @Test
    void figuresAreThoseGiven() throws IOException {
        JsonNode bars = Pages.drawn(browser, "bars");

        assertEquals("[5,7]", bars.get("fill ring empty").toString());
        assertEquals("[0,3]", bars.get(Pages.EVIL).toString());
        assertEquals("[[20,0],[11,1]]", bars.get("limit").toString());
        assertEquals("[[1,0],[2,1]]", Pages.drawn(browser, "rows").get("p50").toString());
        assertEquals("[1700000000000,100]", Pages.drawn(browser, "timeline").get("one").get(0).toString());
        assertTrue(Pages.drawn(browser, "timeline").get("one").get(50).get(1).isNull());
        // One half, nine tenths and 99 of a hundred stand at 2, 10 and 100.
        JsonNode curve = Pages.drawn(browser, "percentiles").get("one");
        assertEquals(2, curve.get(0).get(0).asDouble(), 1e-9);
        assertEquals(100, curve.get(2).get(0).asDouble(), 1e-9);
        assertEquals(30, curve.get(2).get(1).asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyTextHasContrast(String scheme) throws IOException {
        browser.prefer(scheme);

        JsonNode least = browser.evaluate(LEAST_CONTRAST);

        assertTrue(least.get("contrast").asDouble() >= 4.5, least::toString);
    }

    /** The line of each of the 16 panels, and the edges of its band. */
    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void aBandHasEdgesThatAreSeen(String scheme) throws IOException {
        browser.prefer(scheme);

        assertEquals(3 * 16, number(LINES_SEEN));
    }

    @Test
    void goesDarkAndLightWithTheScreen() throws IOException {
        String paper = "getComputedStyle(document.body).backgroundColor";
        String lightPaper = browser.evaluate(paper).asText();
        String lightInk = browser.evaluate(INK).asText();

        browser.prefer("dark");
        assertNotEquals(lightPaper, browser.evaluate(paper).asText());
        assertNotEquals(lightInk, browser.evaluate(INK).asText());

        browser.prefer("light");
        assertEquals(lightPaper, browser.evaluate(paper).asText());
        assertEquals(lightInk, browser.evaluate(INK).asText());
    }

    @Test
    void onPaperItIsLightAndEveryPlotFitsASheet() throws IOException {
        browser.prefer("dark");
        browser.evaluate("window.dispatchEvent(new Event('beforeprint'))");

        assertEquals(LIGHT_INK, browser.evaluate(INK).asText());
        for (String plot : PLOTS) {
            assertEquals(680, number("document.querySelector('#" + plot + " svg').width.baseVal.value"), plot);
            assertTrue(number("document.querySelector('#" + plot + " svg').height.baseVal.value") <= 840, plot);
        }
        browser.evaluate("window.dispatchEvent(new Event('afterprint'))");
        assertNotEquals(LIGHT_INK, browser.evaluate(INK).asText());
        assertEquals("%PDF", new String(Base64.getDecoder().decode(browser.pdf()), 0, 4));
    }

    /** Those that the reader had opened stay so. */
    @Test
    void onPaperItIsSaidWhatTheColumnsAre() throws IOException {
        String open = "Array.from(document.querySelectorAll('.legend'), legend => legend.open).join()";
        browser.evaluate("document.querySelectorAll('.legend')[1].open = true");

        browser.evaluate("window.dispatchEvent(new Event('beforeprint'))");
        assertEquals("true,true,true,true", browser.evaluate(open).asText());

        browser.evaluate("window.dispatchEvent(new Event('afterprint'))");
        assertEquals("false,true,false,false", browser.evaluate(open).asText());
    }

    @Test
    void fitsANarrowScreen() throws IOException {
        browser.resize(400, 900);

        assertTrue(number("document.documentElement.scrollWidth") <= 400);
        for (String plot : PLOTS) {
            assertTrue(number("document.querySelector('#" + plot + " svg').width.baseVal.value") <= 400, plot);
        }
    }

    @Test
    void withoutScriptTheTablesAreThere() throws IOException {
        browser.allowScript(false);
        browser.load(file);

        assertEquals(0, number("document.querySelectorAll('svg').length"));
        assertEquals("1234", Pages.cell(Pages.table(browser, "Figures of " + Pages.EVIL), Pages.EVIL, "figure"));
        assertTrue(browser.evaluate("document.querySelector('noscript').innerText").asText().contains("tables"));
    }

    @Test
    void isToldToThoseWhoDoNotSeeIt() throws IOException {
        assertEquals("en", browser.evaluate("document.documentElement.lang").asText());
        assertEquals(1, number("document.querySelectorAll('h1').length"));
        assertTrue(browser.evaluate("""
                Array.from(document.querySelectorAll('h1,h2,h3'), heading => Number(heading.tagName[1]))
                  .every((level, i, all) => i === 0 ? level === 1 : level - all[i - 1] <= 1)""").asBoolean());
        assertEquals(
                "Bars. Says " + Pages.EVIL + " The figures are in the table below.",
                browser.evaluate("document.getElementById('bars').getAttribute('aria-label')").asText());
        assertTrue(browser.evaluate("""
                Array.from(document.querySelectorAll('table')).every(table => table.caption !== null &&
                  Array.from(table.querySelectorAll('th')).every(head => head.scope === 'row' || head.scope === 'col'))
                """).asBoolean());
        assertTrue(browser.evaluate(
                        "Array.from(document.querySelectorAll('.scrolls')).every(part => part.tabIndex === 0)")
                .asBoolean());
        assertFalse(browser.evaluate("""
                Array.from(document.querySelectorAll('[id]:not(svg *)'), element => element.id)
                  .some((id, i, all) => all.indexOf(id) !== i)""").asBoolean());
        // Not by colour alone: bars have patterns, which differ.
        assertTrue(number("document.querySelectorAll('#bars svg pattern').length") >= 2);
    }

    private static double number(String expression) throws IOException {
        return browser.evaluate(expression).asDouble();
    }
}

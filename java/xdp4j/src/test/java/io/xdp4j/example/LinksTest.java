// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The links of README.md and docs/ within the project lead to a file, and to a heading where they name one. */
class LinksTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");

    @Test
    void linksLeadSomewhere() throws Exception {
        List<String> broken = new ArrayList<>();
        int links = 0;
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            for (Path page : Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                Matcher link = LINK.matcher(Files.readString(page));
                while (link.find()) {
                    if (!link.group(1).contains("://")) {
                        links++;
                        Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                        if (!Files.exists(target) || !hasHeading(target, link.group(2))) {
                            broken.add(page.getFileName() + ": " + link.group());
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > 50, "so few: " + links);
    }

    /** @param anchor null: none is asked for */
    private static boolean hasHeading(Path page, String anchor) throws IOException {
        return anchor == null || Files.readAllLines(page).stream().anyMatch(line -> anchor.equals(anchorOf(line)));
    }

    /** As GitHub makes it of a heading; null for other lines. */
    private static String anchorOf(String line) {
        return line.matches("#+ .*")
                ? line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-')
                : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a browser is to allow a page (Content Security Policy, level 2): these scripts, styles, pictures that are in it,
 * and nothing else. So the page asks nothing of any network, and a text that got into it as markup would not run.
 */
final class ContentPolicy {
    private ContentPolicy() {}

    /** @param scripts as they stand in the page, with line breaks as HTML has them: without CR */
    static String allowing(String... scripts) {
        return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
                + Stream.of(scripts).map(ContentPolicy::source).collect(Collectors.joining(" "))
                + "; base-uri 'none'; form-action 'none'";
    }

    private static String source(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

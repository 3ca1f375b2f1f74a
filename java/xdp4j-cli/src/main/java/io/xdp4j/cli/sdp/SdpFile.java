// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.InputFile;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The value of {@code --sdp}: a session description (RFC 8866) in a file. */
public final class SdpFile {
    private static final long LARGEST_BYTES = 1 << 20;

    private final Path file;

    public SdpFile(Path file) {
        this.file = file;
    }

    /**
     * Reads it as it is now.
     *
     * @throws BadInput naming the file, the line if it is one, and the reason
     */
    public DescribedFlows read() {
        String text = text();
        try {
            return DescribedFlows.of(SessionDescription.parse(text));
        } catch (IllegalArgumentException e) {
            throw new BadInput(file + " " + e.getMessage());
        }
    }

    private String text() {
        String text = decoded(InputFile.read("--sdp", file, LARGEST_BYTES, "a session description"));
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\r' && c != '\n' && c != '\t')) {
            throw new BadInput("--sdp " + file + " is not text: name a session description, which begins with v=0");
        }
        return text;
    }

    /** UTF-8 as RFC 8866 asks for, or else Latin-1, as devices older than that write names. */
    private static String decoded(byte[] bytes) {
        try {
            return InputFile.utf8(bytes);
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** As it was named. */
    @Override
    public String toString() {
        return file.toString();
    }
}

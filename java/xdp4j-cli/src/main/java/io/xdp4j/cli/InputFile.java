// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that an option names, to be read as a whole. */
public final class InputFile {
    /** What some editors put in front of UTF-8. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private InputFile() {}

    /**
     * Its content.
     *
     * @param option that names it
     * @param largestBytes what nothing of its kind exceeds
     * @param kind what it should be, for example "a list of flows"
     * @throws BadInput naming option, file and reason
     */
    public static byte[] read(String option, Path file, long largestBytes, String kind) {
        String name = option + " " + file;
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new BadInput(name + " is no regular file: name " + kind);
            }
            if (Files.size(file) > largestBytes) {
                throw new BadInput(name + " is too large to be " + kind);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadInput(name + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw new BadInput(name + " may not be read by this user");
        } catch (IOException e) {
            throw new BadInput(name + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * The text that UTF-8 stands for, without a byte order mark.
     *
     * @throws CharacterCodingException when it is not UTF-8
     */
    public static String utf8(byte[] content) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}

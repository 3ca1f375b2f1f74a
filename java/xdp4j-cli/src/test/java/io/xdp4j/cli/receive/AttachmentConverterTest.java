// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.xdp.Attachment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class AttachmentConverterTest {
    private final AttachmentConverter converter = new AttachmentConverter();

    @Test
    void readsBoth() {
        assertEquals(Attachment.LINK, converter.convert("link"));
        assertEquals(Attachment.DISPATCHER, converter.convert("dispatcher"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "links", "netlink", "link,dispatcher"})
    void refusesOthers(String text) {
        String refusal = assertThrows(TypeConversionException.class, () -> converter.convert(text)).getMessage();
        assertEquals("'" + text + "' is none of link and dispatcher", refusal);
    }
}

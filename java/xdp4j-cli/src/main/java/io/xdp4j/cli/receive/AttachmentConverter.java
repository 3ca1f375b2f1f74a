// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.xdp.Attachment;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --attach}. */
final class AttachmentConverter implements ITypeConverter<Attachment> {
    @Override
    public Attachment convert(String text) {
        return switch (text) {
            case "link" -> Attachment.LINK;
            case "dispatcher" -> Attachment.DISPATCHER;
            default -> throw new TypeConversionException("'" + text + "' is none of link and dispatcher");
        };
    }
}

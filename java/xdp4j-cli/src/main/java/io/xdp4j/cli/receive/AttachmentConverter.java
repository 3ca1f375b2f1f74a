// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.xdp.XdpProgram;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --attach}. */
final class AttachmentConverter implements ITypeConverter<XdpProgram.Attachment> {
    @Override
    public XdpProgram.Attachment convert(String text) {
        return switch (text) {
            case "link" -> XdpProgram.Attachment.LINK;
            case "dispatcher" -> XdpProgram.Attachment.DISPATCHER;
            default -> throw new TypeConversionException("'" + text + "' is none of link and dispatcher");
        };
    }
}

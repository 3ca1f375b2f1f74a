// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.Flow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A flow as {@code struct flow_key} of {@code bpf/flow.h}. */
public final class FlowKey {
    /** Bytes of the struct: destination (16), source (16), port (2), reserved (2). */
    public static final int BYTES = 36;

    private FlowKey() {}

    /** The 36 bytes; a flow without a source has sixteen zeros there. */
    public static byte[] of(Flow flow) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.BIG_ENDIAN)
                .put(Flow.mapped(flow.group()))
                .put(flow.source().map(Flow::mapped).orElseGet(() -> new byte[16]))
                .putShort((short) flow.port())
                .putShort((short) 0)
                .array();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

/** How an {@link RtpSource} sends. In the order of {@code enum xdp4j_source_engine}. */
public enum SourceEngine {
    /** The kernel makes the frames and an XDP program fills them in: millions of packets a second from one core. */
    LIVE_FRAMES("live-frames"),
    /** A UDP socket: works everywhere, some hundred thousand packets a second. */
    SENDMMSG("sendmmsg");

    private final String text;

    SourceEngine(String text) {
        this.text = text;
    }

    /** As it stands in reports. */
    @Override
    public String toString() {
        return text;
    }
}

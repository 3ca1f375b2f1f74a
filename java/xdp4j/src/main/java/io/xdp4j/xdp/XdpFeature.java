// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a driver announces of XDP: {@code xdp-act} in Documentation/netlink/specs/netdev.yaml of Linux. The order is
 * that of its bits.
 */
public enum XdpFeature {
    /** It runs XDP programs itself: native mode. */
    BASIC,
    /** It carries out what a program redirects. */
    REDIRECT,
    /** It sends frames that a program elsewhere redirects to it. */
    NDO_XMIT,
    /** Its card writes into the memory of AF_XDP sockets: zero-copy. */
    XSK_ZEROCOPY,
    /** Its card runs XDP programs. */
    HW_OFFLOAD,
    /** It shows programs packets of several buffers. */
    RX_SG,
    /** As {@link #NDO_XMIT}, for frames of several buffers. */
    NDO_XMIT_SG;

    /** @param bits of the kernel; those that this enum does not know are left out */
    static Set<XdpFeature> of(long bits) {
        Set<XdpFeature> features = EnumSet.noneOf(XdpFeature.class);
        for (XdpFeature feature : values()) {
            if ((bits >>> feature.ordinal() & 1) == 1) {
                features.add(feature);
            }
        }
        return Collections.unmodifiableSet(features);
    }
}

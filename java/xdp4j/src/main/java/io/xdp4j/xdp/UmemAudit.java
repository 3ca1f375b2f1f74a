// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * Where every frame of a UMEM was at one moment.
 *
 * @param frames how many there are
 * @param free in the pool, owned by nobody
 * @param fill in the fill ring, not yet taken by the kernel
 * @param rx in RX rings, not yet taken by us
 * @param batch in the batches last received
 * @param kernel taken by the kernel and not yet delivered: on their way, or kept by it for the next packets
 * @param doubled found at two places at once: a defect unless 0
 */
public record UmemAudit(int frames, int free, int fill, int rx, int batch, int kernel, int doubled) {
    /** Whether no frame is at two places. */
    public boolean sound() {
        return doubled == 0 && kernel >= 0;
    }
}

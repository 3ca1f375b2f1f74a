// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

/**
 * Where every frame of a UMEM was at one moment.
 *
 * @param frames how many there are
 * @param free in the pool, owned by nobody
 * @param fill in the fill ring, not yet taken by the kernel
 * @param rx in RX rings, not yet taken by us
 * @param batch in the batches last received; those of packets put together are free again
 * @param leased the application's: {@link Umem#lease}
 * @param kernel at none of these places, so with the kernel. Without traffic and with copies it keeps none, or one for
 *     each CPU that found an RX ring full; with zero-copy as many as the driver's own ring has
 * @param doubled found at two places at once: a defect unless 0
 */
public record UmemAudit(int frames, int free, int fill, int rx, int batch, int leased, int kernel, int doubled) {
    /**
     * {@return the sum of both}
     *
     * @param other of another UMEM
     */
    public UmemAudit plus(UmemAudit other) {
        return new UmemAudit(
                frames + other.frames,
                free + other.free,
                fill + other.fill,
                rx + other.rx,
                batch + other.batch,
                leased + other.leased,
                kernel + other.kernel,
                doubled + other.doubled);
    }

    /**
     * {@return whether no frame is at two places} Whether none is missing, {@link #kernel} tells when there is no
     * traffic.
     */
    public boolean sound() {
        return doubled == 0;
    }
}

// SPDX-License-Identifier: Apache-2.0

/**
 * AF_XDP: frames ({@link io.xdp4j.xdp.Umem}), rings ({@link io.xdp4j.xdp.XdpSocket}) and the program that sends flows
 * into them ({@link io.xdp4j.xdp.XdpProgram}); and what goes with it: queues, steering rules and counters of the
 * interface.
 *
 * <p>Opened in the order UMEM, program, socket, and closed the other way round. {@link io.xdp4j.xdp.Xdp#isAvailable()}
 * tells whether it can be used. What the kernel refuses is a {@link io.xdp4j.packet.KernelException} whose message
 * names the remedy.
 *
 * @see <a href="https://docs.kernel.org/networking/af_xdp.html">AF_XDP</a>
 */
package io.xdp4j.xdp;

// SPDX-License-Identifier: Apache-2.0

/**
 * What a receiver needs that has its queues in several processes: descriptors over a socket, memory that they share,
 * and the dropping of privileges ({@code unix(7)}, {@code memfd_create(2)}, {@code capabilities(7)}).
 */
package io.xdp4j.process;

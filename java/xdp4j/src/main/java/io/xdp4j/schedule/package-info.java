// SPDX-License-Identifier: Apache-2.0

/**
 * The thread that receives: {@link io.xdp4j.schedule.Receiver} visits the sources of a queue, and idles as an {@link
 * io.xdp4j.schedule.IdleStrategy} says. It allocates nothing in steady state.
 */
package io.xdp4j.schedule;

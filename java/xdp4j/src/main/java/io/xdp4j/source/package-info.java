// SPDX-License-Identifier: Apache-2.0

/**
 * A sender of RTP whose packets and losses are known by number: {@link io.xdp4j.source.RtpSource}, at a rate: {@link
 * io.xdp4j.source.PacedSender}. For tests and comparisons.
 */
package io.xdp4j.source;

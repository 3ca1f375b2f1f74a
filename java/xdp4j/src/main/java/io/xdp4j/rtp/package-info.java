// SPDX-License-Identifier: Apache-2.0

/**
 * RTP (RFC 3550): reading the header where it lies, and checking the sequence and the pace of a flow, SSRC by SSRC.
 *
 * <p>{@link io.xdp4j.rtp.RtpFlow} counts on the receiving thread, without allocating; its snapshots are for any thread.
 */
package io.xdp4j.rtp;

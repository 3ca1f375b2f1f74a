// SPDX-License-Identifier: Apache-2.0

/**
 * Where packets were lost: {@link io.xdp4j.ledger.LossLedger} accounts for each packet of a flow by the counters of the
 * driver, the kernel, the XDP program, the sockets and the receivers, and {@link io.xdp4j.ledger.Advice} says what
 * would have saved them.
 */
package io.xdp4j.ledger;

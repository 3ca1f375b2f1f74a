// SPDX-License-Identifier: Apache-2.0

/**
 * Events for the JDK's Flight Recorder: gaps, losses by cause, modes, and how full rings were. They cost nothing while
 * nobody records, and nothing of it is used where the JDK has no Flight Recorder.
 */
package io.xdp4j.jfr;

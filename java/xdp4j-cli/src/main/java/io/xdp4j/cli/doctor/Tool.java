// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

/** A program of the system that shows what no file does. */
@FunctionalInterface
interface Tool {
    ToolOutput run(String... command);
}

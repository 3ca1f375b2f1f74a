// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What is to be recorded.
 *
 * @param limitBytes of the file
 * @param aroundLoss packets before and behind each gap; empty for every packet
 */
public record RecordSettings(Path file, long limitBytes, OptionalInt aroundLoss) {}

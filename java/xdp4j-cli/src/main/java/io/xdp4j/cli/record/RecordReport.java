// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What is in the file, and what is not.
 *
 * @param packets in the file
 * @param bytes of the file
 * @param notRecorded packets that were received and wanted, but are not in it: there was no room in memory, or it had
 *     stopped
 * @param leftOut packets that were received and are not near a gap; null when all are wanted, like {@code gaps}
 * @param gaps in front of a packet in the file
 * @param stopped why it takes no more packets; null if it went on to the end
 */
public record RecordReport(
        String file,
        long packets,
        long bytes,
        long notRecorded,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long leftOut,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long gaps,
        String stopped) {}

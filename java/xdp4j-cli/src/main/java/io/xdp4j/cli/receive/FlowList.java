// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.sdp.AnnouncedFlow;
import io.xdp4j.cli.sdp.Announcement;
import io.xdp4j.cli.sdp.DescribedFlows;
import io.xdp4j.cli.sdp.SdpFile;
import io.xdp4j.packet.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All flows that a command line names: by {@code --flow} or {@code --flows}, and by {@code --sdp}. */
final class FlowList {
    private final List<Flow> given;
    private final Optional<FlowFile> flowFile;
    private final List<SdpFile> sdpFiles;

    FlowList(List<Flow> given, Optional<FlowFile> flowFile, List<SdpFile> sdpFiles) {
        this.given = given;
        this.flowFile = flowFile;
        this.sdpFiles = sdpFiles;
    }

    /**
     * Reads the files as they are now.
     *
     * @throws BadInput naming file, line and reason
     */
    WantedFlows read() {
        List<Flow> flows = new ArrayList<>(flowFile.map(FlowFile::read).orElse(given));
        Map<Flow, String> origins = new HashMap<>();
        flows.forEach(flow -> origins.put(flow, flowFile.map(FlowFile::toString).orElse("--flow")));
        Map<Flow, Announcement> announcements = new HashMap<>();
        List<String> notes = new ArrayList<>();
        for (SdpFile file : sdpFiles) {
            DescribedFlows described = file.read();
            for (AnnouncedFlow announced : described.flows()) {
                String origin = file + " line " + announced.line();
                String before = origins.putIfAbsent(announced.flow(), origin);
                if (before != null) {
                    throw new BadInput(origin + ": flow " + announced.flow() + " is named by " + before
                            + " already: name each flow once");
                }
                flows.add(announced.flow());
                announcements.put(announced.flow(), announced.announcement());
            }
            described.notes().forEach(note -> notes.add(file + " " + note));
        }
        return new WantedFlows(flows, announcements, notes);
    }
}

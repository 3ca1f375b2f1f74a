// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.sdp.Announcement;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpClock;
import io.xdp4j.rtp.RtpClocks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flows to be received, and what session descriptions say of them.
 *
 * @param flows in the order in which they were named
 * @param announcements of those that a session description names
 * @param notes what of session descriptions is not done as it stands there
 */
public record WantedFlows(List<Flow> flows, Map<Flow, Announcement> announcements, List<String> notes) {
    private static final RtpClocks UNDESCRIBED = RtpClocks.of(RtpClock.VIDEO_HZ);

    public WantedFlows {
        flows = List.copyOf(flows);
        announcements = Map.copyOf(announcements);
        notes = List.copyOf(notes);
    }

    static WantedFlows of(List<Flow> flows) {
        return new WantedFlows(flows, Map.of(), List.of());
    }

    public Optional<Announcement> announcement(Flow flow) {
        return Optional.ofNullable(announcements.get(flow));
    }

    /** Those of RFC 3551, and video's for dynamic payload types, unless a session description says others. */
    RtpClocks clocks(Flow flow) {
        return announcement(flow).map(Announcement::clocks).orElse(UNDESCRIBED);
    }

    /** Whether a flow of those before is wanted as it is. */
    boolean keeps(Flow flow, WantedFlows before) {
        return flows.contains(flow) && announcement(flow).equals(before.announcement(flow));
    }
}

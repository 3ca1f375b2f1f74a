// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The media that repeat each other's packets by {@code a=group:DUP MID MID...} (RFC 7104, ST 2022-7). */
final class Duplicates {
    private static final String SEMANTICS = "DUP";

    private final Map<Media, Media> firsts = new HashMap<>();
    private final Map<Media, SdpLine> lines = new HashMap<>();

    /** @throws IllegalArgumentException when a group names a media that is not there, or two media have one name */
    Duplicates(SessionDescription description, List<Media> media) {
        Map<String, Media> byMid = byMid(media);
        for (SdpLine line : description.session().attributes("group")) {
            List<String> words = SdpLine.words(line.attributeValue());
            if (words.get(0).equals(SEMANTICS)) {
                add(line, words.subList(1, words.size()), byMid);
            }
        }
    }

    private static Map<String, Media> byMid(List<Media> media) {
        Map<String, Media> byMid = new HashMap<>();
        for (Media each : media) {
            each.mid().ifPresent(mid -> {
                Media before = byMid.putIfAbsent(mid.attributeValue(), each);
                if (before != null) {
                    throw mid.refusal("the media of line " + before.line().number() + " has this mid already");
                }
            });
        }
        return byMid;
    }

    private void add(SdpLine line, List<String> mids, Map<String, Media> byMid) {
        List<Media> legs = new ArrayList<>();
        for (String mid : mids) {
            Media leg = byMid.get(mid);
            if (leg == null) {
                throw line.refusal("no media is named " + mid + ", by a line a=mid:" + mid);
            }
            if (legs.contains(leg)) {
                throw line.refusal("the media " + mid + " cannot be its own duplicate");
            }
            legs.add(leg);
        }
        List<Media> received = legs.stream().filter(Media::isReceived).toList();
        received.stream().skip(1).forEach(leg -> {
            firsts.put(leg, received.get(0));
            lines.put(leg, line);
        });
    }

    /**
     * The flows of a media, each said to be the duplicate of the flow in its place of the group's first media. A media
     * that is not received is not the first.
     *
     * @param flows of all media that are received
     */
    List<AnnouncedFlow> marked(Media media, Map<Media, List<AnnouncedFlow>> flows) {
        List<AnnouncedFlow> own = flows.get(media);
        List<AnnouncedFlow> originals = flows.get(firsts.get(media));
        if (originals == null) {
            return own; // in no group, or the first of one
        }
        if (originals.size() != own.size()) {
            throw lines.get(media).refusal("the media of line " + media.line().number() + " has " + own.size()
                    + " flows, and that of line " + firsts.get(media).line().number() + ", whose duplicate it is, has "
                    + originals.size());
        }
        List<AnnouncedFlow> marked = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            AnnouncedFlow flow = own.get(i);
            marked.add(new AnnouncedFlow(
                    flow.flow(),
                    flow.line(),
                    flow.announcement().duplicateOf(originals.get(i).flow().toString())));
        }
        return marked;
    }
}

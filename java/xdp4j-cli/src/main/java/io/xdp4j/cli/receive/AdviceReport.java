// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done about the packets lost to one cause, for the JSON and the summary.
 *
 * @param options of this program that do it and were not given, as words of a command line; empty where none does
 */
public record AdviceReport(Cause cause, long packets, String finding, String change, List<String> options) {
    /** @param inForce in the run that the advice is on */
    static AdviceReport of(Advice advice, ReceiveSettings inForce) {
        return new AdviceReport(
                advice.cause(),
                advice.packets(),
                advice.finding(),
                advice.change(),
                options(inForce.lacking(advice.settings())));
    }

    /** Settings as words of a command line; empty when nothing is to be changed. */
    public static List<String> options(Advice.Settings settings) {
        List<String> words = new ArrayList<>();
        add(words, "--fill-ring", settings.fillRing());
        add(words, "--rx-ring", settings.rxRing());
        add(words, "--frame-size", settings.frameSize());
        add(words, "--queue", settings.queues() == null ? null : NumberList.text(settings.queues()));
        add(words, "--receive-buffer", settings.receiveBufferBytes());
        add(words, "--mode", settings.generic() ? "generic" : null);
        add(words, "--idle", settings.spin() ? Idle.SPIN : null);
        return List.copyOf(words);
    }

    private static void add(List<String> words, String option, Object value) {
        if (value != null) {
            words.add(option);
            words.add(value.toString());
        }
    }
}

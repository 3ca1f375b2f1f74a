// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.receive.LedgerText;
import io.xdp4j.ledger.FlowLedger;
import java.util.List;

/**
 * What is shown of a flow; immutable, as the histograms of a sample are not.
 *
 * @param name {@code all} for all flows together
 * @param ledger since the beginning
 * @param missing packets by that ledger, whether or not a cause is known
 * @param received since the beginning
 * @param pps of the latest interval, like the next
 * @param payloadBitsPerSecond without headers
 * @param reordered since the beginning; null where no receiver saw the whole sequence
 * @param jitterMs null when no packet has come yet
 * @param latency of the latest interval; null when nothing came, or the kernel gives no arrival time
 * @param queues that its packets came on in the latest interval; none for sockets
 * @param ringPercent how full the fullest ring of these was; null for sockets
 * @param trouble what a person should know first
 */
record FlowState(
        String name,
        FlowLedger ledger,
        long missing,
        long received,
        double pps,
        double payloadBitsPerSecond,
        Long reordered,
        Double jitterMs,
        Latency latency,
        List<Integer> queues,
        Integer ringPercent,
        Trouble trouble) {
    /** In nanoseconds. */
    record Latency(long p50, long p99, long max) {}

    /** How bad it is; the worst comes first. */
    enum Health {
        /** Nothing comes any more. */
        SILENT("silent"),
        /** Lost packets within the last seconds. */
        LOSING("losing"),
        /** Nothing has come yet. */
        ABSENT("absent"),
        /** Has lost packets, a while ago. */
        LOST("lost before"),
        WELL("well");

        private final String label;

        Health(String label) {
            this.label = label;
        }

        /** How many flows it is of: {@code 28 losing}. */
        String label() {
            return label;
        }

        /** Whether a person should act. */
        boolean isAlarming() {
            return compareTo(LOST) < 0;
        }
    }

    /**
     * @param lostPerSecond in the latest interval
     * @param seconds since the last loss; of a silent flow, since a packet came
     */
    record Trouble(Health health, double lostPerSecond, double seconds) {
        static final Trouble NONE = new Trouble(Health.WELL, 0, 0);
    }

    Health health() {
        return trouble.health();
    }

    /** What is wrong and why, in so many columns; empty when all is well. */
    String reason(int columns) {
        String what =
                switch (health()) {
                    case SILENT -> "! silent for " + Fitted.duration(trouble.seconds());
                    case LOSING -> "! " + (trouble.lostPerSecond() > 0
                            ? losing()
                            : lastLoss());
                    case ABSENT -> "! no packet has come";
                    case LOST -> lastLoss();
                    case WELL -> "";
                };
        if (missing == 0) {
            return what;
        }
        String lead = what + (health() == Health.SILENT ? "; lost before: " : ": ");
        return lead + LedgerText.causes(ledger, columns - lead.length());
    }

    /** {@code losing 1,204/s, 2.0 %}: the share is that of what came and was lost in the latest interval. */
    private String losing() {
        double lost = trouble.lostPerSecond();
        return "losing " + Figures.count(Math.max(1, Math.round(lost))) + "/s, "
                + Figures.percent(Math.round(1_000 * lost), Math.round(1_000 * (lost + pps)));
    }

    private String lastLoss() {
        return "last loss " + Fitted.duration(trouble.seconds()) + " ago";
    }
}

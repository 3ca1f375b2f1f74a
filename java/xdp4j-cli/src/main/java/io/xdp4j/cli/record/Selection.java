// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

/** Which of the packets go into the file, and when. Threads: one. */
interface Selection {
    /** The next packet, in the order of arrival. */
    void add(RingReader packet);

    /** The ledger has been looked at. */
    void look(LedgerLook look);

    /** Writes what need not wait any longer. */
    void release();

    /** There will be no more packets and no more looks: writes all that is to be in the file. */
    void finish();

    /** Packets that were wanted in the file, but for which there was no room in memory. */
    long crowdedOut();

    /** Every packet, at once. */
    static Selection everything(RecordFile file) {
        return new Selection() {
            @Override
            public void add(RingReader packet) {
                file.add(packet.index(), packet.memory(), packet.at(), null);
            }

            @Override
            public void look(LedgerLook look) {}

            @Override
            public void release() {}

            @Override
            public void finish() {}

            @Override
            public long crowdedOut() {
                return 0;
            }
        };
    }
}

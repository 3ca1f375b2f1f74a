// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.io.IOException;

/**
 * Whoever wants to know how receiving goes: a terminal, a file, a server of metrics.
 *
 * <p>An observer that throws is not asked again; it is said, it is in the exit code, and the receivers go on.
 *
 * <p>Threads: one calls all of it, and it is no receiver.
 */
public interface ReceiveObserver {
    /**
     * From now on packets are received.
     *
     * @param inForce what is really in force, in a few words for a person
     */
    default void receiving(ReceiveSettings settings, String inForce) throws IOException {}

    /** A second has passed. */
    default void sampled(Sample sample) throws IOException {}

    /** A reload of the flows was done. */
    default void changed(FlowChange change) throws IOException {}

    /** Something that a person may need: where something is, or how to get at it. */
    default void note(String text) throws IOException {}

    /** Something that a person should know has happened. */
    default void warning(String text) throws IOException {}

    /**
     * It is about to end before its time.
     *
     * @param why for example that the interface is gone
     */
    default void broken(String why) throws IOException {}

    /**
     * The receivers have taken all there was, and ended.
     *
     * @param last since the sample before; mostly less than a second
     * @param report all there is to say
     */
    default void ended(Sample last, ReceiveReport report) throws IOException {}
}

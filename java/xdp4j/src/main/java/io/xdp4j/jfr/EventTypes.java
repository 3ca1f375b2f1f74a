// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * Makes the events known to the Flight Recorder when it begins, by whatever way: to do that takes some 100 ms, which
 * must not fall upon the first event, on a receiving thread, nor upon a JVM in which nothing is ever recorded.
 */
final class EventTypes implements FlightRecorderListener {
    private EventTypes() {}

    /** Returns when it is done, if the recorder has begun. */
    static void registerWhenRecorderBegins() {
        FlightRecorder.addListener(new EventTypes());
    }

    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        FlightRecorder.register(GapEvent.class);
        FlightRecorder.register(LossEvent.class);
        FlightRecorder.register(ModeEvent.class);
        FlightRecorder.addPeriodicEvent(RingEvent.class, RingWatch::lookAtAll);
        JfrEvents.recorderHasBegun();
    }

    @Override
    public void recordingStateChanged(Recording recording) {
        if (recording.getState() == RecordingState.RUNNING) {
            RingWatch.beginAnew();
        }
    }
}

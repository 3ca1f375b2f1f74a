// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One that fails is not asked again, the others are, and it is said. */
class ObserversTest {
    private final List<String> heard = new ArrayList<>();

    private final class Listener implements ReceiveObserver {
        @Override
        public void note(String text) {
            heard.add("note " + text);
        }

        @Override
        public void warning(String text) {
            heard.add("warning " + text);
        }
    }

    private static final class FullDisk implements ReceiveObserver {
        @Override
        public void note(String text) throws IOException {
            throw new IOException("out.json: no space left");
        }
    }

    private static final class Mistaken implements ReceiveObserver {
        @Override
        public void note(String text) {
            throw new IllegalStateException("of " + text);
        }
    }

    private void assertDropped(ReceiveObserver failing, String failure) {
        Observers observers = new Observers(List.of(failing, new Listener()));
        observers.tell(observer -> observer.note("1"));
        observers.tell(observer -> observer.note("2"));
        assertEquals(List.of("note 1", "warning " + failure, "note 2"), heard);
        assertEquals(List.of(failure), observers.failures());
    }

    @Test
    void oneThatCannotDoItIsDropped() {
        assertDropped(new FullDisk(), "out.json: no space left");
    }

    @Test
    void soIsOneWithAMistake() {
        assertDropped(
                new Mistaken(),
                "Mistaken failed, and is told nothing more: java.lang.IllegalStateException: of 1");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All observers of a run. One that fails is not asked again, while the others and the receivers go on. */
final class Observers {
    private final List<ReceiveObserver> live;
    private final List<String> failures = new ArrayList<>();

    Observers(List<ReceiveObserver> all) {
        live = new ArrayList<>(all);
    }

    @FunctionalInterface
    interface News {
        void tell(ReceiveObserver observer) throws IOException;
    }

    void tell(News news) {
        List<String> failedNow = new ArrayList<>();
        for (ReceiveObserver observer : List.copyOf(live)) {
            try {
                news.tell(observer);
            } catch (IOException e) {
                live.remove(observer);
                failedNow.add(e.getMessage());
            } catch (RuntimeException e) { // a mistake in one, which names neither a file nor what to do
                live.remove(observer);
                failedNow.add(observer.getClass().getSimpleName() + " failed, and is told nothing more: " + e);
            }
        }
        failures.addAll(failedNow);
        failedNow.forEach(failure -> tell(observer -> observer.warning(failure)));
    }

    /** What went wrong with them, in order. */
    List<String> failures() {
        return failures;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.Recording;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Observers that hold something, a file or a port, until the run is over. */
final class OpenObservers implements AutoCloseable {
    private final List<ReceiveObserver> all = new ArrayList<>();
    private Recording recording; // null for none

    void add(ReceiveObserver observer) {
        all.add(observer);
    }

    /** One that is to have every packet too. */
    void add(Recording observer) {
        all.add(observer);
        recording = observer;
    }

    Optional<Recording> recording() {
        return Optional.ofNullable(recording);
    }

    List<ReceiveObserver> all() {
        return List.copyOf(all);
    }

    /**
     * Closes those that are {@link Closeable}; one that fails keeps none of the others from it.
     *
     * @throws IOException the first failure
     */
    @Override
    public void close() throws IOException {
        IOException first = null;
        for (ReceiveObserver observer : all) {
            try {
                if (observer instanceof Closeable holds) {
                    holds.close();
                }
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}

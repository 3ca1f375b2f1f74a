// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import java.util.Optional;

/**
 * Whether AF_XDP can be used here. Asking never fails, on any operating system; without it {@code raw}, {@code
 * recvmmsg} (on Linux) and {@code nio} (everywhere) remain.
 */
public final class Xdp {
    private static final Throwable UNAVAILABLE = probe();

    private Xdp() {}

    /** {@return whether the native library is loaded and the kernel knows AF_XDP} Privileges are another matter. */
    public static boolean isAvailable() {
        return UNAVAILABLE == null;
    }

    /** {@return why not, in one line that names the remedy; empty when {@link #isAvailable()}} */
    public static Optional<Throwable> unavailabilityCause() {
        return Optional.ofNullable(UNAVAILABLE);
    }

    static void require() {
        if (UNAVAILABLE != null) {
            throw new UnsupportedOperationException(UNAVAILABLE.getMessage(), UNAVAILABLE);
        }
    }

    private static Throwable probe() {
        Optional<Throwable> failure = NativeLibrary.failure();
        if (failure.isPresent()) {
            return failure.get();
        }
        String kernel = NetdevNative.kernelSupport();
        return kernel == null ? null : new UnsupportedOperationException(kernel);
    }
}

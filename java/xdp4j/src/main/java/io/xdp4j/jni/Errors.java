// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** The one place where the result of a hot native call becomes a value or an exception. */
public final class Errors {
    private Errors() {}

    /**
     * @param result a count, or {@code -errno}
     * @param what the call and its object, for the message
     * @return the count
     */
    public static int ioResult(int result, String what) throws KernelException {
        if (result >= 0) {
            return result;
        }
        throw failure(-result, what);
    }

    private static KernelException failure(int errno, String what) {
        return new KernelException(errno, what + ": " + remedy(errno));
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case 6, 19 -> "the interface is gone (errno " + errno + ")";
            case 9 -> "the socket is closed (EBADF)";
            case 95 -> "the interface takes no XDP frames any more: on a veth, ethtool -K PEER gro on (EOPNOTSUPP)";
            case 100 -> "the interface is down: `ip link set` it up (ENETDOWN)";
            default -> "errno " + errno;
        };
    }
}

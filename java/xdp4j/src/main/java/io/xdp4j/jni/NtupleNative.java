// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/ntuple.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class NtupleNative {
    /** What {@link #add} returns for a flow that somebody's rule puts on the queue already. */
    public static final int THERE_ALREADY = -17; // -EEXIST

    private NtupleNative() {}

    /** @param reason one element, set to the reason when the driver has no such rules */
    public static native boolean supported(String interfaceName, String[] reason) throws KernelException;

    /**
     * @param key struct flow_key, {@link FlowKey#BYTES} bytes
     * @return the location, or {@link #THERE_ALREADY}
     */
    public static native int add(String interfaceName, byte[] key, int queue) throws KernelException;

    /** @return 0, or -errno: ENOENT when the rule at the location is another one */
    public static native int remove(String interfaceName, int location, byte[] key, int queue) throws KernelException;
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import io.xdp4j.packet.KernelException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How an interface is set up, and what its driver can do.
 *
 * @param xdpFeatures what the driver announces; empty where the kernel does not tell (before Linux 6.3). It is no
 *     promise: an MTU or an offload may stand against it, which only attaching a program shows
 * @param zeroCopyFrames frames that a packet may take with zero-copy; 0 where the driver has none or it is not told
 * @param nativeProgram the id of the XDP program that is attached in native mode; 0: none
 * @param genericProgram the same in generic mode
 * @param programName of one of the two; empty where it may not be read (CAP_SYS_ADMIN)
 * @param rxQueuesMax what {@code ethtool -L} can set; 0 where the driver does not tell
 * @param combined whether a queue is for both directions, as {@code ethtool -L} has it
 * @param stamps of which packets the card itself says when they arrived
 * @param headerSplit whether headers of TCP go to other memory than data (tcp-data-split)
 * @param features what can be switched ({@code ethtool -k}), by the kernel's names, for example {@code rx-gro}
 */
public record NetDeviceSetup(
        Optional<Set<XdpFeature>> xdpFeatures,
        int zeroCopyFrames,
        int nativeProgram,
        int genericProgram,
        String programName,
        int rxQueuesMax,
        boolean combined,
        Stamps stamps,
        boolean headerSplit,
        Map<String, Feature> features) {
    /** Of which packets the card itself says when they arrived. The order is that of C's enum xdp4j_stamps. */
    public enum Stamps {
        /** Of none. */
        NONE,
        /** Of those of PTP and the like. */
        SOME,
        /** Of all, if it is told to. */
        ALL
    }

    /**
     * What can be switched on and off.
     *
     * @param on whether it is
     * @param fixed whether it cannot be switched after all
     */
    public record Feature(boolean on, boolean fixed) {}

    /**
     * Keeps a copy that cannot be changed.
     *
     * @param xdpFeatures see {@link #xdpFeatures()}
     * @param zeroCopyFrames see {@link #zeroCopyFrames()}
     * @param nativeProgram see {@link #nativeProgram()}
     * @param genericProgram see {@link #genericProgram()}
     * @param programName see {@link #programName()}
     * @param rxQueuesMax see {@link #rxQueuesMax()}
     * @param combined see {@link #combined()}
     * @param stamps see {@link #stamps()}
     * @param headerSplit see {@link #headerSplit()}
     * @param features see {@link #features()}
     */
    public NetDeviceSetup {
        features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
    }

    /**
     * Asks the kernel. Needs no privilege, but for {@link #programName()}.
     *
     * @param interfaceName for example {@code eth1}, in the network namespace of the calling thread
     * @return the set-up as it is now
     * @throws KernelException ENODEV when there is none of that name, or what the driver says
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static NetDeviceSetup read(String interfaceName) throws KernelException {
        Objects.requireNonNull(interfaceName, "interfaceName");
        NativeLibrary.require();
        long[] fields = new long[NetdevNative.SETUP_FIELDS];
        String[] program = new String[1];
        String[][] names = new String[1][];
        int[][] states = new int[1][];
        NetdevNative.setup(interfaceName, fields, program, names, states);
        return new NetDeviceSetup(
                fields[NetdevNative.XDP_FEATURES_TOLD] == 1
                        ? Optional.of(XdpFeature.of(fields[NetdevNative.XDP_FEATURES]))
                        : Optional.empty(),
                (int) fields[NetdevNative.ZERO_COPY_SEGMENTS],
                (int) fields[NetdevNative.NATIVE_PROGRAM],
                (int) fields[NetdevNative.GENERIC_PROGRAM],
                program[0],
                (int) fields[NetdevNative.RX_QUEUES_MAX],
                fields[NetdevNative.COMBINED] == 1,
                Stamps.values()[(int) fields[NetdevNative.STAMPS]],
                fields[NetdevNative.HEADER_SPLIT] == 1,
                features(names[0], states[0]));
    }

    private static Map<String, Feature> features(String[] names, int[] states) {
        Map<String, Feature> features = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            features.put(
                    names[i],
                    new Feature(
                            (states[i] & NetdevNative.FEATURE_ON) != 0,
                            (states[i] & NetdevNative.FEATURE_FIXED) != 0));
        }
        return features;
    }
}

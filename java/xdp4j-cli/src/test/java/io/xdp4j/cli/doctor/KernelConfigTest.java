// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelConfigTest {
    private static final String TEXT =
            "# Automatically generated\nCONFIG_XDP_SOCKETS=y\nCONFIG_NF_TABLES=m\n# CONFIG_BPF_JIT is not set\n";

    @TempDir
    private Path root;

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    private static void assertRead(KernelConfig config) {
        assertEquals(Optional.of(true), config.has("CONFIG_XDP_SOCKETS"));
        assertEquals(Optional.of(true), config.has("CONFIG_NF_TABLES"));
        assertEquals(Optional.of(false), config.has("CONFIG_BPF_JIT"));
        assertEquals(Optional.of(false), config.has("CONFIG_XDP"));
        assertTrue(config.hasAsModule("CONFIG_NF_TABLES"));
        assertFalse(config.hasAsModule("CONFIG_XDP_SOCKETS"));
    }

    @Test
    void readsWhatTheKernelHasOfItself() throws IOException {
        SystemFiles files = new HandMadeHost(root).withBytes("/proc/config.gz", zipped(TEXT)).host().files();
        assertRead(KernelConfig.read(files, "6.1.0"));
    }

    @Test
    void readsWhatDebianPutsBesideTheKernel() throws IOException {
        SystemFiles files = new HandMadeHost(root).with("/boot/config-6.1.0", TEXT).host().files();
        assertRead(KernelConfig.read(files, "6.1.0"));
        assertEquals(Optional.empty(), KernelConfig.read(files, "6.1.1").has("CONFIG_XDP_SOCKETS"));
    }

    @Test
    void whatCannotBeReadIsNotTold() throws IOException {
        SystemFiles files = new HandMadeHost(root).with("/proc/config.gz", "no gzip").host().files();
        assertEquals(Optional.empty(), KernelConfig.read(files, "6.1.0").has("CONFIG_XDP_SOCKETS"));
        assertFalse(KernelConfig.read(files, "6.1.0").hasAsModule("CONFIG_XDP_SOCKETS"));
    }
}

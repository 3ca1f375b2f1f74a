// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class MetricsAddressTest {
    private static MetricsAddress convert(String text) {
        return new MetricsAddress.Converter().convert(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9400                 | 127.0.0.1     | 9400",
                "0                    | 127.0.0.1     | 0",
                "65535                | 127.0.0.1     | 65535",
                "127.0.0.1:9400       | 127.0.0.1     | 9400",
                "0.0.0.0:9400         | 0.0.0.0       | 9400",
                "192.0.2.255:1        | 192.0.2.255   | 1",
                "[::1]:9400           | ::1           | 9400",
                "[::]:0               | ::            | 0",
                "[2001:db8::192.0.2.7]:80 | 2001:db8::c000:207 | 80",
            })
    void readsAddressesAndPorts(String text, String address, int port) throws Exception {
        assertEquals(new MetricsAddress(InetAddress.getByName(address), port), convert(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9400      | 127.0.0.1:9400",
                "0.0.0.0:0 | 0.0.0.0:0",
                "[::1]:9400 | [0:0:0:0:0:0:0:1]:9400",
            })
    void writesThemAsTheyAreRead(String text, String written) {
        assertEquals(written, convert(text).toString());
        assertEquals(convert(text), convert(written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "::1:9400          | '::1:9400' is not PORT or ADDRESS:PORT, for example 9400",
                "[::1]             | '[::1]' is not PORT or ADDRESS:PORT",
                "127.0.0.1:94:00   | '127.0.0.1:94:00' is not PORT or ADDRESS:PORT",
                "[127.0.0.1:9400   | '[127.0.0.1:9400' is not PORT or ADDRESS:PORT",
                "localhost:9400    | 'localhost' is not an IPv4 address, and names are not looked up: use for example",
                "[localhost]:9400  | 'localhost' is not an IPv6 address, and names are not looked up: use for example",
                "[127.0.0.1]:9400  | '127.0.0.1' is not an IPv6 address",
                "[::1::2]:9400     | '::1::2' is not an IPv6 address",
                "[fe80::1%eth0]:94 | 'fe80::1%eth0' is not an IPv6 address",
                "256.0.0.1:9400    | '256.0.0.1' is not an IPv4 address",
                "127.1:9400        | '127.1' is not an IPv4 address",
                "010.0.0.1:9400    | '010.0.0.1' is not an IPv4 address",
                ":9400             | '' is not an IPv4 address",
                "127.0.0.1         | port '127.0.0.1' is not between 0 and 65535",
                "127.0.0.1:        | port '' is not between 0 and 65535",
                "''                | port '' is not between 0 and 65535",
                "65536             | port '65536' is not between 0 and 65535",
                "99999999999       | port '99999999999' is not between 0 and 65535",
                "-1                | port '-1' is not between 0 and 65535",
                "http              | port 'http' is not between 0 and 65535",
            })
    void namesWhatItCannotRead(String text, String named) {
        String refusal = assertThrows(TypeConversionException.class, () -> convert(text)).getMessage();
        assertTrue(refusal.startsWith(named), refusal);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.FlowChange;
import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whole screens, as a person sees them. */
class PageTest {
    private static final Size USUAL = new Size(80, 24);
    private static final String IN_FORCE =
            "native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768";

    private final News news = new News(Clock.fixed(Instant.parse("2026-02-03T12:31:05Z"), ZoneOffset.UTC));
    private final FlowWatch watch = new FlowWatch();

    private Page page(Backend backend, String inForce) {
        LedgerSnapshot nothing = new LedgerSnapshot(List.of(), List.of(), List.of(), List.of());
        return new Page(ReceiveReports.settings(backend, 32_768, nothing), inForce, news);
    }

    private static String text(List<Line> lines, Size size) {
        assertTrue(lines.size() <= size.rows(), lines.size() + " lines");
        return lines.stream().map(line -> line.cut(size.columns()) + "\n").collect(Collectors.joining());
    }

    private static String alarms(List<Line> lines) {
        return lines.stream()
                .filter(line -> line.look() == Line.Look.ALARM)
                .map(line -> line.text().replaceFirst("  .*", ""))
                .collect(Collectors.joining("|"));
    }

    private String screen(Sample sample) {
        return text(page(Backend.XDP, IN_FORCE).lines(watch.second(sample), USUAL), USUAL);
    }

    @Test
    void beforeTheFirstSecondItSaysWhatIsInForce() {
        assertEquals(
                """
                receive on rx0
                xdp, native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768,
                idle sleep:2ms
                """,
                text(page(Backend.XDP, IN_FORCE).lines(null, USUAL), USUAL));
    }

    @Test
    void aFlowThatIsWellTakesALine() {
        Sample sample = Seconds.of(Seconds.queue(0, 328, 32_768))
                .after(753)
                .next(Seconds.flow("239.1.2.3:5004", 293_670_120, 390_120, 9_804, Map.of(), 0));

        assertEquals(
                """
                receive on rx0: 1 flow, well                                             0:12:34
                xdp, native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768,
                idle sleep:2ms
                received 293,670,120   lost 0
                flow               pps Mbit/s    lost reord jitter  p50  p99    max ring
                                                                ms   us   us     us    %
                239.1.2.3:5004 390,120 3121.0       0  294k  0.012  502  991  9,830    2
                """,
                screen(sample));
    }

    @Test
    void aFlowInTroubleSaysWhy() {
        Seconds seconds = Seconds.of(Seconds.queue(0, 32_768, 32_768)).after(100);
        screen(seconds.next(
                Seconds.flow("239.1.2.1:5004", 1_000, 1_000, 9_804, Map.of(), 0),
                Seconds.flow("239.1.2.2:5004", 1_000, 1_000, 9_804, Map.of(), 0),
                Seconds.flow("239.1.2.3:5004", 1_000, 1_000, 9_804, Map.of(Cause.UPSTREAM, 7L), 0),
                Seconds.absent("239.1.2.4:5004")));
        seconds.after(3_761);
        Sample sample = seconds.next(
                Seconds.flow("239.1.2.1:5004", 1_796, 796, 9_804,
                        Map.of(Cause.FILL_RING_EMPTY, 1_000L, Cause.UPSTREAM, 204L), 0),
                Seconds.flow("239.1.2.2:5004", 1_000, 0, 0, Map.of()),
                Seconds.flow("239.1.2.3:5004", 2_000, 1_000, 120_000, Map.of(Cause.UPSTREAM, 7L), 0),
                Seconds.absent("239.1.2.4:5004"));

        List<Line> lines = page(Backend.XDP, IN_FORCE).lines(watch.second(sample), USUAL);

        assertEquals(
                """
                receive on rx0: 4 flows, 1 silent, 1 losing, 1 absent, 1 lost before     1:02:42
                xdp, native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768,
                idle sleep:2ms
                received 4,796   lost 1,211 (fill ring empty 1,000, upstream 211)
                flow               pps Mbit/s    lost reord jitter  p50  p99    max ring
                                                                ms   us   us     us    %
                all              1,796   14.4   1,211     4      -  502  991  120ms  100
                239.1.2.1:5004     796    6.4   1,204     1  0.012  502  991  9,830  100
                  ! losing 1,204/s, 60 %: fill ring empty 1,000, upstream 204
                239.1.2.2:5004       0    0.0       0     1  0.012    -    -      -    -
                  ! silent for 1:01:01
                239.1.2.3:5004   1,000    8.0       7     2  0.012  502  991  120ms  100
                  last loss 1:01:01 ago: upstream 7
                239.1.2.4:5004       0    0.0       0     0      -    -    -      -    -
                  ! no packet has come
                """,
                text(lines, USUAL));
        assertEquals(
                "receive on rx0: 4 flows, 1 silent, 1 losing, 1 absent, 1 lost before|239.1.2.1:5004|"
                        + "|239.1.2.2:5004||239.1.2.4:5004|",
                alarms(lines));
    }

    @Test
    void ofMoreFlowsThanThereIsRoomForTheWorstAreShown() {
        Sample.FlowSample[] flows = IntStream.rangeClosed(1, 512)
                .mapToObj(i -> Seconds.flow("239.1." + i / 200 + "." + (1 + i % 200) + ":5004", 1_000, 1_000, 9_804,
                        i == 300 || i == 400 ? Map.of(Cause.RX_RING_FULL, (long) i) : Map.of(), 0))
                .toArray(Sample.FlowSample[]::new);
        flows[99] = Seconds.absent("239.9.9.9:5004");

        Size small = new Size(80, 14);
        List<Line> lines = page(Backend.XDP, IN_FORCE)
                .lines(watch.second(Seconds.of(Seconds.queue(0, 1, 32_768)).next(flows)), small);

        assertEquals(
                """
                receive on rx0: 512 flows, 2 losing, 1 absent, 509 well                  0:00:01
                xdp, native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768,
                idle sleep:2ms
                received 511,000   lost 700 (RX ring full 700)
                flow                 pps Mbit/s    lost reord jitter  p50  p99    max ring
                                                                  ms   us   us     us    %
                all              511,000 4088.0     700   511      -  502  991  9,830    1
                239.1.2.1:5004     1,000    8.0     400     1  0.012  502  991  9,830    1
                  ! losing 400/s, 29 %: RX ring full 400
                239.1.1.101:5004   1,000    8.0     300     1  0.012  502  991  9,830    1
                  ! losing 300/s, 23 %: RX ring full 300
                239.9.9.9:5004         0    0.0       0     0      -    -    -      -    -
                  ! no packet has come
                509 more: all well
                """,
                text(lines, small));
    }

    @Test
    void newsStandBelow() {
        news.note("metrics at http://127.0.0.1:9400/metrics");
        news.changed(new FlowChange(List.of(Flow.parse("239.1.2.3:5004")), List.of(), List.of("no room", "none")));
        news.warning("interface rx0 is down: ip link set rx0 up");
        Sample sample = Seconds.of().next(Seconds.absent("239.1.2.3:5004"));

        assertEquals(
                """
                receive on rx0: 1 flow, absent                                           0:00:01
                recvmmsg, receive buffer 67,108,864 bytes, idle sleep:2ms
                received 0   lost 0
                flow               pps Mbit/s    lost reord jitter  p50  p99    max
                                                                ms   us   us     us
                239.1.2.3:5004       0    0.0       0     0      -    -    -      -
                  ! no packet has come

                12:31:05 metrics at http://127.0.0.1:9400/metrics
                12:31:05 flows: 1 added, 0 removed; warning: no room; and 1 more
                12:31:05 warning: interface rx0 is down: ip link set rx0 up
                """,
                text(
                        page(Backend.RECVMMSG, "receive buffer 67,108,864 bytes").lines(watch.second(sample), USUAL),
                        USUAL));
    }

    @Test
    void ofManyNewsTheLatestAreShownAndTheFlowsKeepTheirPlace() {
        for (int i = 1; i <= 300; i++) {
            news.warning("the worker of queue " + i + " was killed by signal 9: its packets pass to the kernel's stack"
                    + " until there is another");
        }
        Size small = new Size(80, 13);
        Sample sample = Seconds.of().next(Seconds.absent("239.1.2.3:5004"));

        assertEquals(
                """
                receive on rx0: 1 flow, absent                                           0:00:01
                recvmmsg, receive buffer 67,108,864 bytes, idle sleep:2ms
                received 0   lost 0
                flow               pps Mbit/s    lost reord jitter  p50  p99    max
                                                                ms   us   us     us
                239.1.2.3:5004       0    0.0       0     0      -    -    -      -
                  ! no packet has come

                12:31:05 warning: the worker of queue 299 was killed by signal 9: its packets
                         pass to the kernel's stack until there is another
                12:31:05 warning: the worker of queue 300 was killed by signal 9: its packets
                         pass to the kernel's stack until there is another
                """,
                text(
                        page(Backend.RECVMMSG, "receive buffer 67,108,864 bytes").lines(watch.second(sample), small),
                        small));
    }

    @Test
    void aLongNameHasALineOfItsOwn() {
        Seconds seconds = Seconds.of(Seconds.queue(0, 1, 100), Seconds.queue(1, 50, 100));
        Sample sample = seconds.next(
                Seconds.flow("[ff3e::8000:1]:5004@2001:db8::7", 1_000, 1_000, 9_804, Map.of(Cause.NIC, 3L), 0),
                Seconds.flow("[ff3e:1234:5678:9abc:def0:1234:5678:9abc]:50004"
                        + "@2001:db8:1234:5678:9abc:def0:1234:5678", 1_000, 1_000, 9_804, Map.of(Cause.NIC, 3L), 0, 1),
                Seconds.flow("239.1.2.3:5004", 1_000, 1_000, 9_804, Map.of(), 1));

        assertEquals(
                """
                flow               pps Mbit/s    lost reord jitter  p50  p99    max queue ring
                                                                ms   us   us     us          %
                all              3,000   24.0       6     -      -  502  991  9,830     -   50
                [ff3e::8000:1]:5004@2001:db8::7  ! losing 3/s, 0.30 %: NIC 3
                                 1,000    8.0       3     1  0.012  502  991  9,830     0    1
                [ff3e:1234:5678:9abc:def0:1234:5678:9abc]:50004
                  @2001:db8:1234:5678:9abc:def0:1234:5678
                                 1,000    8.0       3     -  0.012  502  991  9,830   0-1   50
                  ! losing 3/s, 0.30 %: NIC 3
                239.1.2.3:5004   1,000    8.0       0     1  0.012  502  991  9,830     1   50
                """,
                screen(sample).lines().skip(4).collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void aWideScreenIsUsed() {
        Size wide = new Size(110, 24);
        Sample sample = Seconds.of(Seconds.queue(0, 99, 100))
                .next(
                        Seconds.flow("[ff3e::1]:5004", 12_345_678, 1_234_567, 123_456,
                                Map.of(Cause.NIC, 3_000_000L), 0),
                        Seconds.absent("239.1.2.3:5004"));

        assertEquals(
                """
        receive on rx0: 2 flows, 1 losing, 1 absent                                                            0:00:01
        xdp, native XDP, copy mode, queue 0, a socket for each queue, rings of 32,768, idle sleep:2ms
        received 12,345,678   lost 3,000,000 (NIC 3,000,000)
        flow                    pps     Mbit/s           lost      reord   jitter      p50      p99        max  ring
                                                                               ms       us       us         us     %
        all               1,234,567     9876.5      3,000,000     12,345        -      502      991    123,732    99
        [ff3e::1]:5004    1,234,567     9876.5      3,000,000     12,345    0.012      502      991    123,732    99
          ! losing 3,000,000/s, 71 %: NIC 3,000,000
        239.1.2.3:5004            0        0.0              0          0        -        -        -          -     -
          ! no packet has come
        """,
                text(page(Backend.XDP, IN_FORCE).lines(watch.second(sample), wide), wide));
    }

    @Test
    void onAVeryWideScreenTheReasonStandsBesideTheFigures() {
        Size veryWide = new Size(150, 24);
        Sample sample = Seconds.of(Seconds.queue(0, 99, 100))
                .next(Seconds.flow("239.1.2.3:5004", 1_000, 1_000, 9_804, Map.of(Cause.NIC, 3L), 0));

        List<Line> lines = page(Backend.XDP, IN_FORCE).lines(watch.second(sample), veryWide);

        assertEquals(6, lines.size());
        assertTrue(lines.get(5).text().endsWith("    99  ! losing 3/s, 0.30 %: NIC 3"), lines.get(5).text());
    }

    @Test
    void onANarrowScreenNamesHaveLinesOfTheirOwn() {
        Size narrow = new Size(60, 12);
        Sample sample = Seconds.of(Seconds.queue(0, 328, 32_768))
                .next(
                        Seconds.flow("239.1.2.3:5004", 1_000, 1_000, 9_804, Map.of(), 0),
                        Seconds.absent("239.1.2.4:5004"));

        assertEquals(
                """
                receive on rx0: 2 flows, 1 absent, 1 well            0:00:01
                xdp, native XDP, copy mode, queue 0, a socket for each
                queue, rings of 32,768, idle sleep:2ms
                received 1,000   lost 0
                     pps Mbit/s    lost reord jitter  p50  p99    max ring
                                                  ms   us   us     us    %
                   1,000    8.0       0     1      -  502  991  9,830    2
                239.1.2.3:5004
                   1,000    8.0       0     1  0.012  502  991  9,830    2
                239.1.2.4:5004  ! no packet has come
                       0    0.0       0     0      -    -    -      -    -
                """,
                text(page(Backend.XDP, IN_FORCE).lines(watch.second(sample), narrow), narrow));
    }

    @Test
    void aTinyScreenShowsTheTop() {
        Size tiny = new Size(20, 3);

        assertEquals(
                """
                receive on r 0:00:01
                xdp, native XDP,
                copy mode, queue 0,
                """,
                text(
                        page(Backend.XDP, IN_FORCE)
                                .lines(watch.second(Seconds.of().next(Seconds.absent("239.1.2.3:5004"))), tiny),
                        tiny));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.xdp.NetDevice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Sends Ethernet frames, whatever is in them, out of {@link VethPair#TX}. Java has no packet sockets; perl, which
 * Debian always has, makes one (packet(7)) and sends the frames that it reads in hex.
 *
 * <p>It sends in the network namespace of the thread that opened it, and from CPU 0 alone: packets keep their order.
 *
 * <p>Threads: one.
 */
public final class WireFrames implements AutoCloseable {
    /**
     * AF_PACKET 17, SOCK_RAW 3; protocol 0, so that it receives nothing. A line that is no frame asks how many frames
     * have been sent since the last such line; the answer has the last error behind it.
     */
    private static final String PROGRAM =
            """
            use strict;
            my $index = shift;
            my $error = "";
            my $sent = 0;
            $| = 1;
            socket(my $socket, 17, 3, 0) or die "packet socket: $!";
            my $to = pack("S n i S C C a8", 17, 0, $index, 0, 0, 6, "");
            bind($socket, $to) or die "bind: $!";
            while (my $line = <STDIN>) {
                chomp $line;
                if ($line eq "sent?") {
                    print "$sent $error\\n";
                    ($sent, $error) = (0, "");
                } else {
                    my $frame = pack("H*", $line);
                    my $bytes = send($socket, $frame, 0, $to);
                    defined $bytes && $bytes == length $frame ? $sent++ : ($error = "$!");
                }
            }
            """;

    private final Process perl;
    private final Writer frames;
    private final BufferedReader answers;

    private WireFrames(Process perl) {
        this.perl = perl;
        this.frames = perl.outputWriter(StandardCharsets.US_ASCII);
        this.answers = new BufferedReader(new InputStreamReader(perl.getInputStream(), StandardCharsets.US_ASCII));
    }

    public static WireFrames open() throws IOException {
        String index = Integer.toString(NetDevice.find(VethPair.TX).index());
        ProcessBuilder perl = new ProcessBuilder("taskset", "-c", "0", "perl", "-e", PROGRAM, index);
        return new WireFrames(perl.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /**
     * Sends them in this order; on return they have been handed to the interface. No more than 256, what the ring
     * between the ends holds, or some may be dropped there when the receiving end does not get a CPU.
     *
     * @throws IOException when the interface did not take all of them; one longer than its MTU is refused (EMSGSIZE)
     */
    public void send(List<byte[]> some) throws IOException {
        String answer = transmit(some);
        if (!answer.equals(Integer.toString(some.size()))) {
            throw new IOException("of " + some.size() + " frames these were sent: " + answer);
        }
    }

    /** Sends one. */
    public void send(RtpFrame frame) throws IOException {
        send(List.of(frame.bytes()));
    }

    /**
     * Sends one that the receiving end does not take, as when its ring is full; a veth tells the sender.
     *
     * @throws IOException when it was taken
     */
    public void sendRefused(RtpFrame frame) throws IOException {
        String answer = transmit(List.of(frame.bytes()));
        if (!answer.equals("0 No buffer space available")) { // ENOBUFS
            throw new IOException("sent, though it should have been refused: " + answer);
        }
    }

    /** How many were sent, and why not the others. */
    private String transmit(List<byte[]> some) throws IOException {
        for (byte[] frame : some) {
            frames.write(HexFormat.of().formatHex(frame) + "\n");
        }
        frames.write("sent?\n");
        frames.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("perl ended");
        }
        return answer.strip();
    }

    /** Ends perl and waits for it. */
    @Override
    public void close() throws IOException {
        frames.close();
        perl.onExit().join();
    }
}

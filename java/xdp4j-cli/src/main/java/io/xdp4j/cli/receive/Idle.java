// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.DurationConverter;
import io.xdp4j.schedule.IdleStrategy;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value of {@code --idle}: what the receiver does when nothing is there.
 *
 * @param text as typed
 * @param strategy makes one for each receiver
 */
public record Idle(String text, Supplier<IdleStrategy> strategy) {
    public static final String YIELD = "yield";

    static final String SPIN = "spin";

    private static final String SLEEP = "sleep:";

    /** Whether a receiver with nothing to do keeps its CPU busy, but for threads of the same or a higher priority. */
    public boolean neverWaits() {
        return text.equals(SPIN) || text.equals(YIELD);
    }

    public static final class Converter implements ITypeConverter<Idle> {
        @Override
        public Idle convert(String text) {
            if (text.startsWith(SLEEP)) {
                long nanoseconds = new DurationConverter()
                        .convert(text.substring(SLEEP.length()))
                        .toNanos();
                if (nanoseconds == 0) {
                    throw new TypeConversionException("'" + text + "' is no sleep: use spin");
                }
                return new Idle(text, () -> IdleStrategy.sleep(nanoseconds));
            }
            return switch (text) {
                case SPIN -> new Idle(text, IdleStrategy::spin);
                case YIELD -> new Idle(text, IdleStrategy::yield);
                case "poll" -> new Idle(text, IdleStrategy::poll);
                default -> throw new TypeConversionException(
                        "'" + text + "' is none of spin, yield, poll and sleep:DURATION, for example sleep:1ms");
            };
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The process behind {@link Guard}. Each line of its standard input is all that there is to undo, as JSON, and is
 * answered by a line; when the input ends, whatever ended it, the last line is undone.
 */
public final class GuardMain {
    private GuardMain() {}

    public static void main(String[] arguments) throws IOException {
        Signals.leaveToParent(); // it ends with the process that it guards
        ObjectMapper mapper = new ObjectMapper();
        Undo[] last = {};
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            last = mapper.readValue(line, Undo[].class);
            System.out.println("known");
        }
        for (int i = last.length - 1; i >= 0; i--) {
            try {
                last[i].run();
            } catch (IOException | RuntimeException e) {
                System.err.println("xdp4j: " + last[i] + " could not be undone: " + e.getMessage());
            }
        }
    }
}

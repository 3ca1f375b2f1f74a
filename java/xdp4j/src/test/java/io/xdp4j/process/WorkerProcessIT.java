// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.packet.KernelException;
import java.io.BufferedReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker JVM and its parent, which is a JVM too. */
@Tag("integration")
@Timeout(60)
class WorkerProcessIT {
    private static final int ESRCH = 3;

    /** Ends with the process that its argument names. Says its id, or the errno. */
    public static final class Worker {
        public static void main(String[] arguments) throws Exception {
            try {
                WorkerProcess.endWithParent(Long.parseLong(arguments[0]));
            } catch (KernelException e) {
                System.out.println(e.errno());
                return;
            }
            Capabilities.drop();
            System.out.println(ProcessHandle.current().pid());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** Starts a worker, says what that says, and waits for its end. */
    public static final class Parent {
        public static void main(String[] arguments) throws Exception {
            Process worker =
                    ChildJvm.start(Worker.class, Long.toString(ProcessHandle.current().pid()));
            System.out.println(worker.inputReader().readLine());
            worker.waitFor();
        }
    }

    @Test
    void endsWithAParentThatIsKilled() throws Exception {
        Process parent = ChildJvm.start(Parent.class);
        try {
            BufferedReader said = parent.inputReader();
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            assertTrue(worker.isAlive());
            parent.destroyForcibly();
            worker.onExit().get(20, TimeUnit.SECONDS);
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void knowsAnotherParent() throws Exception {
        Process worker = ChildJvm.start(Worker.class, "1");
        try {
            assertEquals(Integer.toString(ESRCH), worker.inputReader().readLine());
            assertEquals(0, worker.waitFor());
        } finally {
            worker.destroyForcibly();
        }
    }
}

package dev.sojourn.sandbox;

import java.time.Duration;
import java.util.List;

/** How a sandbox's run ended. */
public sealed interface Result {
    /** The command ended with this status, 0 to 255, as a shell counts it. */
    record Exited(int status) implements Result {}

    /** The guest switched itself off. */
    record PoweredOff() implements Result {}

    /** The guest asked to be started again, which a sandbox does not do. */
    record Restarted() implements Result {}

    /** {@link Sandbox#stop()} ended it. */
    record Stopped() implements Result {}

    /** It goes on at another host. */
    record Moved() implements Result {}

    /** The time limit ended it. */
    record TimedOut(Duration limit, List<String> lastLines) implements Result {}

    /** The guest kernel gave up. */
    record Panicked(List<String> lastLines) implements Result {}

    /** The processor shut down after a fault that the guest could not handle. */
    record TripleFaulted(String detail, List<String> lastLines) implements Result {}

    /** Every processor waits for something that can never come. */
    record Halted(List<String> lastLines) implements Result {}

    /** The default guest could not start the command; the reason is a sentence. */
    record Failed(String reason, List<String> lastLines) implements Result {}

    /** The engines did not do the same: what differs, and a text by which it can be seen again. */
    record EnginesDiffer(String difference, String reproducer) implements Result {}

    /** Nobody reads the output any more. */
    record OutputClosed() implements Result {}

    /** The output could not be written; the reason is a sentence. */
    record OutputFailed(String reason) implements Result {}
}

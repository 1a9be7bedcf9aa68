package dev.sojourn.cli;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals that end this program: the first one asks everything to end in good order, the second one does not ask.
 *
 * <p>If good order takes too long, because the output is blocked or the guest is out of reach, it ends regardless. The
 * terminal is put back in every case.
 */
final class Signals {
    /** Longer than a machine takes to stop, shorter than a person takes to grow impatient. */
    private static final long GRACE_MILLIS = 2_000;

    private final AtomicInteger received = new AtomicInteger();
    private final ConcurrentLinkedDeque<Runnable> requests = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<Runnable> lastActs = new ConcurrentLinkedDeque<>();

    Signals() {
        for (String name : List.of("INT", "TERM", "HUP")) Signal.handle(new Signal(name), this::receive);
    }

    /** The status to end with, if a signal came. */
    OptionalInt status() {
        int number = received.get();
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(ExitStatus.SIGNAL + number);
    }

    /** What is to be asked to end; asked at once if a signal has come already. */
    void onSignal(Runnable request) {
        requests.add(request);
        if (received.get() != 0) request.run();
    }

    /** What must be done even at the hardest end, such as putting the terminal back. */
    void beforeHalt(Runnable act) { lastActs.addFirst(act); }

    /** Ends the program with this status unless it has ended by itself when the time has run out. */
    void endAfter(long millis, int status) {
        Thread.ofPlatform().daemon().name("sojourn-end").start(() -> {
            try {
                Thread.sleep(millis);
                halt(status);
            } catch (InterruptedException _) {
                // Nobody interrupts this thread; if it is ended, so is the program.
            }
        });
    }

    long graceMillis() { return GRACE_MILLIS; }

    /** Leaves signals meant for those at the terminal without effect. */
    void ignoreTerminal() {
        for (String name : List.of("INT", "HUP")) Signal.handle(new Signal(name), SignalHandler.SIG_IGN);
    }

    private void receive(Signal signal) {
        int status = ExitStatus.SIGNAL + signal.getNumber();
        if (!received.compareAndSet(0, signal.getNumber())) halt(status);
        endAfter(GRACE_MILLIS, status);
        requests.forEach(Runnable::run);
    }

    /** Ends the program at once, with some last words. */
    void endNow(int status, Runnable lastWords) {
        lastActs.forEach(Runnable::run);
        lastWords.run();
        Runtime.getRuntime().halt(status);
    }

    private void halt(int status) { endNow(status, () -> {}); }
}

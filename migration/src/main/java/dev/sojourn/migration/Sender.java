package dev.sojourn.migration;

import dev.sojourn.migration.handover.SourceAction;
import dev.sojourn.migration.handover.SourceEvent;
import dev.sojourn.migration.handover.SourceRules;
import dev.sojourn.migration.handover.SourceState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves a guest away from this host: pre-copy over the log of written pages.
 *
 * <p>Implementation notes. {@link #run} is the only thread that changes anything here; {@link #cancel} and the limit of the pause
 * close the connection, and the thread finds that out. What a broken connection means follows from the state alone:
 * {@link SourceRules}.
 */
public final class Sender {
    /** Of the downtime, what the last pages may take; the rest is for the state, the journal and the target. */
    private static final double SHARE_OF_PAGES = 0.4;

    /** Of the downtime, what may have passed when the target is ready: it has yet to hear so, and to start the guest. */
    private static final double SHARE_UNTIL_COMMIT = 0.9;

    /** A guest that wrote as much as could be sent, so many rounds in succession, will go on to. */
    private static final int VAIN_ROUNDS_MAX = 6;

    private static final long RETRY_NANOS_MIN = 20_000_000;
    private static final long RETRY_NANOS_MAX = 5_000_000_000L;

    private final DepartingGuest guest;
    private final String id;
    private final String target;
    private final Connector connector;
    private final Journal journal;
    private final Limits limits;
    private final Progress progress;
    private final PageBatch batch = new PageBatch();
    private volatile SourceState state = SourceState.COPYING;
    private volatile Wire wire;
    private volatile String reason = "";
    private DepartingGuest.Pages rest;
    private int rounds;
    private long sentBytes;
    private long pausedAt;
    private long standing;

    /**
     * A migration that has not begun.
     *
     * @param id never used before: 32 hexadecimal digits
     * @param target by which {@code connector} can be made again after this host was killed
     */
    public Sender(DepartingGuest guest, String id, String target, Connector connector, Journal journal, Limits limits, Progress progress) {
        this.guest = guest;
        this.id = id;
        this.target = target;
        this.connector = connector;
        this.journal = journal;
        this.limits = limits;
        this.progress = progress;
    }

    /** What is left of a migration when its source was killed; only {@link #settle} remains to be called. */
    public static Sender afterRestart(Journal.Departure departure, Connector connector, Journal journal) {
        Sender sender = new Sender(DepartingGuest.NONE, departure.id(), departure.target(), connector, journal, Limits.DEFAULT, Progress.NONE);
        sender.state = SourceRules.restarted(departure.record()).next();
        return sender;
    }

    public SourceState state() { return state; }

    /** Keeps the guest here, unless it is the target's already. Any thread, any time. */
    public void cancel() { fail("The migration was cancelled."); }

    /**
     * Moves the guest, or keeps it. A target that cannot be reached after the commit is asked again and again, for as long as it
     * takes: until it answers, nobody knows whether the guest runs there. After it comes {@link #settle}.
     */
    public Outcome run() {
        try {
            carry();
        } catch (IOException e) {
            fail(sentence(e));
        }
        close();
        if (state == SourceState.COPYING || state == SourceState.PREPARED) {
            on(SourceEvent.FAILED);
        }
        ask(EnumSet.of(SourceState.COMMITTED));
        return outcome();
    }

    /** Tells a target that may hold a copy that the guest is not its own. Returns when it knows; at once if it does already. */
    public void settle() { ask(EnumSet.of(SourceState.ABORTED, SourceState.COMMITTED_WITHOUT_COPY)); }

    /** An operator knows that the target ran the guest and is gone, and wants what is here to go on. */
    public Outcome takeBack() {
        on(SourceEvent.TAKE_BACK);
        return outcome();
    }

    private Outcome outcome() {
        return new Outcome(state, state == SourceState.MOVED ? "" : reason, rounds, sentBytes, Duration.ofNanos(standing));
    }

    private void carry() throws IOException {
        long begin = System.nanoTime();
        wire = connector.connect();
        if (!reason.isEmpty()) {
            return;
        }
        wire.greet();
        wire.send(new Message.Offered(guest.offer(id)));
        wire.flush();
        switch (wire.receive()) {
            case Message.Accepted() -> {}
            case Message.Refused(String why) -> {
                fail(why);
                return;
            }
            case Message other -> throw new IOException("the target answered an offer by " + name(other));
        }
        if (copy(begin)) {
            on(SourceEvent.DRAINED);
            answer(wire.receive());
            if (state == SourceState.COMMITTED) {
                answer(wire.receive());
            }
        }
    }

    /** Sends rounds until little enough is left. @return false if it never will be */
    private boolean copy(long begin) throws IOException {
        Throttle throttle = new Throttle(limits.bytesPerSecond());
        DepartingGuest.Pages pages = guest.all();
        int vain = 0;
        int least = Integer.MAX_VALUE;
        while (true) {
            long start = System.nanoTime();
            int count = pages.addresses().length;
            send(pages, throttle);
            mark(rounds);
            rounds++;
            double pagesPerNano = Math.max(1, count) / (double) Math.max(1, System.nanoTime() - start);
            pages = guest.written();
            int left = pages.addresses().length;
            if (left / pagesPerNano <= limits.downtime().toNanos() * SHARE_OF_PAGES) {
                rest = pages;
                return true;
            }
            vain = left < least - least / 10 ? 0 : vain + 1;
            least = Math.min(least, left);
            if (vain == VAIN_ROUNDS_MAX || System.nanoTime() - begin > limits.total().toNanos()) {
                fail("The guest writes its memory faster than it can be sent: about " + left + " pages while " + count
                        + " were sent; allow a longer downtime, more bandwidth, or try when it does less.");
                return false;
            }
        }
    }

    private void send(DepartingGuest.Pages pages, Throttle throttle) throws IOException {
        long[] addresses = pages.addresses();
        int sent = 0;
        for (long address : addresses) {
            pages.copy(address, batch.content(), batch.next());
            batch.add(address);
            sent++;
            if (batch.isFull()) {
                sendBatch(throttle);
                progress.sent(rounds, addresses.length, sent, wire.sent());
            }
        }
        if (!batch.isEmpty()) {
            sendBatch(throttle);
            progress.sent(rounds, addresses.length, sent, wire.sent());
        }
    }

    private void sendBatch(Throttle throttle) throws IOException {
        long before = wire.sent();
        wire.send(new Message.Pages(batch.take()));
        throttle.sent(wire.sent() - before);
    }

    private void mark(int number) throws IOException {
        wire.send(new Message.Mark(number));
        wire.flush();
        if (!(wire.receive() instanceof Message.Marked marked) || marked.number() != number) {
            throw new IOException("the target did not confirm what it had received");
        }
    }

    private void sendRest() throws IOException {
        Throttle none = new Throttle(Long.MAX_VALUE);
        send(rest, none);
        send(guest.written(), none);
        for (Section section : guest.state()) {
            wire.send(new Message.Part(section));
        }
        wire.send(new Message.Prepare());
        wire.flush();
    }

    /** Asks the target for as long as the state is one of those. */
    private void ask(Set<SourceState> open) {
        long wait = RETRY_NANOS_MIN;
        while (open.contains(state) && !Thread.currentThread().isInterrupted()) {
            try (Wire question = connector.connect()) {
                wire = question;
                question.greet();
                on(SourceEvent.RETRY);
                answer(question.receive());
            } catch (IOException e) {
                LockSupport.parkNanos(wait);
                wait = Math.min(2 * wait, RETRY_NANOS_MAX);
            }
        }
    }

    private void answer(Message message) throws IOException {
        switch (message) {
            case Message.Ready() -> ready();
            case Message.Started() -> on(SourceEvent.TARGET_STARTED);
            case Message.None() -> on(SourceEvent.TARGET_NONE);
            case Message.Killed() -> on(SourceEvent.TARGET_KILLED);
            case Message.Refused(String why) -> {
                fail(why);
                on(SourceEvent.FAILED);
            }
            default -> throw new IOException("the target answered by " + name(message));
        }
    }

    private void ready() {
        if (System.nanoTime() - pausedAt > limits.downtime().toNanos() * SHARE_UNTIL_COMMIT) {
            fail(tooLong());
        }
        on(reason.isEmpty() ? SourceEvent.TARGET_READY : SourceEvent.FAILED);
    }

    private String tooLong() {
        return "The guest would stand still for more than " + limits.downtime().toMillis() + " ms; allow a longer downtime.";
    }

    private static String name(Message message) { return message.getClass().getSimpleName(); }

    private void fail(String why) {
        if (reason.isEmpty()) {
            reason = why;
        }
        if (state == SourceState.COPYING || state == SourceState.PREPARED) {
            close();
        }
    }

    private void close() {
        Wire open = wire;
        if (open != null) {
            sentBytes = Math.max(sentBytes, open.sent());
            try {
                open.close();
            } catch (IOException _) {
                // It is broken already.
            }
        }
    }

    private void on(SourceEvent event) {
        SourceRules.Step step = SourceRules.on(state, event);
        boolean wasCopying = state == SourceState.COPYING;
        state = step.next();
        for (SourceAction action : step.actions()) {
            perform(action);
        }
        if (wasCopying && state == SourceState.KEPT) {
            guest.stay();
        }
    }

    private void perform(SourceAction action) {
        switch (action) {
            case PAUSE -> {
                pausedAt = System.nanoTime();
                attempt(guest::pause);
                Thread.ofVirtual().start(this::limitPause);
            }
            case RESUME -> {
                guest.resume();
                standing = System.nanoTime() - pausedAt;
            }
            case DROP_COPY -> {
                standing = System.nanoTime() - pausedAt;
                guest.drop();
            }
            case JOURNAL_PREPARED -> attempt(() -> journal.prepared(id, target));
            case JOURNAL_ABORTED -> abort();
            case JOURNAL_ERASE -> erase();
            case SEND_PREPARE -> attempt(this::sendRest);
            case SEND_COMMIT -> attempt(() -> say(new Message.Commit(id)));
            case SEND_ABORT -> attempt(() -> say(new Message.Abort(id)));
        }
    }

    private void say(Message message) throws IOException {
        Wire open = wire;
        if (open == null) {
            throw new IOException("there is no connection");
        }
        open.send(message);
        open.flush();
    }

    /** Does what, if it fails, ends the connection and so the attempt. */
    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            fail(sentence(e));
            close();
        }
    }

    /** Before this is durable the guest cannot go on here. */
    private void abort() {
        boolean done = false;
        while (!done) {
            try {
                journal.aborted(id);
                done = true;
            } catch (IOException _) {
                LockSupport.parkNanos(RETRY_NANOS_MAX);
            }
        }
    }

    /** A record that stays is found at the next start, and the target asked once more. */
    private void erase() {
        try {
            journal.erase(id);
        } catch (IOException _) {
            return;
        }
    }

    private void limitPause() {
        try {
            Thread.sleep(limits.downtime());
            if (state == SourceState.PREPARED) {
                fail(tooLong());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(IOException e) {
        return e instanceof MoveError ? e.getMessage() : "The guest was not moved: " + e.getMessage() + ".";
    }

    private interface Step {
        void run() throws IOException;
    }
}

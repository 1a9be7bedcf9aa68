package dev.sojourn.host.box;

import com.google.gson.JsonObject;
import dev.sojourn.host.command.SandboxName;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The last events of a host, numbered from 1 since it started; who is too slow misses the oldest and can tell by the numbers. */
public final class EventLog {
    static final int EVENTS_MAX = 1000;

    public enum Kind { CREATED, STARTED, PAUSED, RESUMED, SNAPSHOT, STOPPING, ENDED, LOST, REMOVED }

    /** @param number counts from 1 */
    public record Event(long number, Kind kind, JsonObject json) {
        public String name() { return kind.name().toLowerCase(Locale.ROOT); }
    }

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long last;

    public EventLog(Clock clock) { this.clock = clock; }

    void add(Kind kind, SandboxName name) { add(kind, name, new JsonObject()); }

    /** @param more fields of this kind */
    void add(Kind kind, SandboxName name, JsonObject more) {
        lock.lock();
        try {
            JsonObject json = new JsonObject();
            json.addProperty("number", ++last);
            json.addProperty("time", clock.millis());
            json.addProperty("event", kind.name().toLowerCase(Locale.ROOT));
            json.addProperty("sandbox", name.text());
            more.entrySet().forEach(field -> json.add(field.getKey(), field.getValue()));
            if (events.size() == EVENTS_MAX) events.removeFirst();
            events.addLast(new Event(last, kind, json));
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The last number given. */
    public long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Those after a number; waits for one, but not longer than this. */
    public List<Event> after(long number, long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (last <= number && left > 0) left = grown.awaitNanos(left);
            return events.stream().filter(event -> event.number() > number).toList();
        } finally {
            lock.unlock();
        }
    }
}

package dev.sojourn.host.move;

import com.google.gson.JsonObject;
import dev.sojourn.migration.Outcome;
import dev.sojourn.migration.Progress;
import dev.sojourn.migration.Sender;
import dev.sojourn.migration.handover.SourceState;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A sandbox on its way to another host, and how that went. */
public final class Move implements Progress {
    private final String id;
    private final String target;
    private volatile Optional<Sender> sender = Optional.empty();
    private volatile Optional<Outcome> outcome = Optional.empty();
    private volatile Optional<SourceState> end = Optional.empty();
    private volatile int round;
    private volatile int pages;
    private volatile int sentPages;
    private volatile long sentBytes;

    Move(String id, String target) {
        this.id = id;
        this.target = target;
    }

    void begins(Sender how) { sender = Optional.of(how); }

    /** It did not even begin. */
    void refused(String reason) { outcome = Optional.of(new Outcome(SourceState.KEPT, reason, 0, 0, Duration.ZERO)); }

    void ended(Outcome how) { outcome = Optional.of(how); }

    /** Lets go of the guest, if nothing is left to decide. */
    void release() {
        end = sender.map(Sender::state).filter(SourceState::isEnd);
        if (end.isPresent()) {
            sender = Optional.empty();
        }
    }

    boolean isUnderWay() { return outcome.isEmpty(); }

    Optional<Sender> sender() { return sender; }

    @Override public void sent(int now, int of, int done, long bytes) {
        round = now;
        pages = of;
        sentPages = done;
        sentBytes = bytes;
    }

    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("target", target);
        json.addProperty("state", end.or(() -> sender.map(Sender::state)).map(s -> s.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .orElse("beginning"));
        json.addProperty("round", round);
        json.addProperty("pages", pages);
        json.addProperty("sentPages", sentPages);
        json.addProperty("sentBytes", sentBytes);
        outcome.ifPresent(how -> {
            json.addProperty("moved", how.moved());
            json.addProperty("reason", how.reason());
            json.addProperty("rounds", how.rounds());
            json.addProperty("downtimeMicros", how.downtime().toNanos() / 1000);
        });
        return json;
    }
}

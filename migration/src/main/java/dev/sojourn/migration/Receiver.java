package dev.sojourn.migration;

import dev.sojourn.migration.handover.TargetAction;
import dev.sojourn.migration.handover.TargetEvent;
import dev.sojourn.migration.handover.TargetRules;
import dev.sojourn.migration.handover.TargetState;
import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes guests in. {@link #serve} is called for each connection, on a thread of its own.
 *
 * <p>Implementation notes. An arrival is locked while its state changes; a question about it may come by another connection than
 * its guest did, while that one is still open.
 */
public final class Receiver {
    /** Guests that are here and not yet started: each holds its memory. */
    private static final int WAITING_MAX = 16;

    private static final int STATE_BYTES_MAX = 64 << 20;

    private final Arrivals arrivals;
    private final Journal journal;
    private final Map<String, Arrival> all = new ConcurrentHashMap<>();

    public Receiver(Arrivals arrivals, Journal journal) {
        this.arrivals = arrivals;
        this.journal = journal;
    }

    /** Talks with a source until the connection ends. */
    public void serve(Wire wire) {
        try (wire) {
            wire.greet();
            switch (wire.receive()) {
                case Message.Offered(Offer offer) -> take(offer, wire);
                case Message.Commit(String id) -> tell(id, TargetEvent.COMMIT, wire);
                case Message.Abort(String id) -> tell(id, TargetEvent.ABORT, wire);
                case Message other -> throw new IOException("A migration cannot begin with " + other.getClass().getSimpleName());
            }
        } catch (IOException _) {
            // Whoever broke off asks again, or does not want to know.
        }
    }

    /** Guests that are here, and that their source neither gave nor refused: by the id of their migration, their names. */
    public Map<String, String> waiting() {
        Map<String, String> names = new ConcurrentHashMap<>();
        all.forEach((id, arrival) -> {
            if (arrival.state == TargetState.READY) {
                names.put(id, arrival.name);
            }
        });
        return names;
    }

    /** An operator knows that a guest's source is gone for ever. @return whether it runs here now */
    public boolean takeOver(String id) throws IOException {
        Arrival arrival = all.get(id);
        return arrival != null && arrival.on(TargetEvent.TAKE_OVER, null) == TargetState.STARTED;
    }

    private void take(Offer offer, Wire wire) throws IOException {
        Arrival arrival;
        try {
            arrival = admit(offer, wire);
        } catch (BadState e) {
            wire.send(new Message.Refused(e.getMessage()));
            wire.flush();
            return;
        }
        try {
            wire.send(new Message.Accepted());
            wire.flush();
            arrival.receive();
        } finally {
            arrival.on(TargetEvent.CUT, null);
        }
    }

    private Arrival admit(Offer offer, Wire wire) throws BadState {
        if (all.values().stream().filter(a -> a.state == TargetState.RECEIVING || a.state == TargetState.READY).count() >= WAITING_MAX) {
            throw new BadState("The target is taking in as many guests as it can; try again later.");
        }
        if (journal.hasStarted(offer.id()) || all.containsKey(offer.id())) {
            throw new BadState("The target has seen this migration before.");
        }
        Arrival arrival = new Arrival(offer, arrivals.accept(offer), wire);
        if (all.putIfAbsent(offer.id(), arrival) != null) {
            arrival.guest.discard();
            throw new BadState("The target has seen this migration before.");
        }
        return arrival;
    }

    private void tell(String id, TargetEvent event, Wire wire) throws IOException {
        Arrival arrival = all.get(id);
        if (arrival != null) {
            arrival.on(event, wire);
        } else {
            for (TargetAction action : TargetRules.on(TargetRules.restarted(journal.hasStarted(id)), event).actions()) {
                wire.send(answer(action));
            }
        }
        wire.flush();
    }

    private static Message answer(TargetAction action) {
        return switch (action) {
            case SEND_READY -> new Message.Ready();
            case SEND_STARTED -> new Message.Started();
            case SEND_NONE -> new Message.None();
            case SEND_KILLED -> new Message.Killed();
            case START, DISCARD_COPY, JOURNAL_STARTED -> throw new AssertionError(action);
        };
    }

    /** A guest that comes, or came. */
    private final class Arrival {
        private final String id;
        private final String name;
        private final Wire wire;
        private final List<Section> parts = new ArrayList<>();
        /** Null when it runs, or is forgotten. */
        private ArrivingGuest guest;
        private PageBatch batch = new PageBatch();
        private long partBytes;
        private volatile TargetState state = TargetState.RECEIVING;

        Arrival(Offer offer, ArrivingGuest guest, Wire wire) {
            id = offer.id();
            name = offer.name();
            this.guest = guest;
            this.wire = wire;
        }

        /** Until the connection ends. */
        void receive() throws IOException {
            while (true) {
                take(wire.receive());
            }
        }

        private synchronized void take(Message message) throws IOException {
            switch (message) {
                case Message.Pages(byte[] bytes) when state == TargetState.RECEIVING -> batch.read(bytes, guest);
                case Message.Mark(int number) -> {
                    wire.send(new Message.Marked(number));
                    wire.flush();
                }
                case Message.Part(Section section) when state == TargetState.RECEIVING -> {
                    partBytes += section.bytes().length;
                    if (partBytes > STATE_BYTES_MAX || parts.size() == Offer.PARTS_MAX) {
                        throw new IOException("The state is larger than that of any machine");
                    }
                    parts.add(section);
                }
                case Message.Prepare() -> prepare();
                case Message.Commit(String of) when of.equals(id) -> on(TargetEvent.COMMIT, wire);
                case Message.Abort(String of) when of.equals(id) -> on(TargetEvent.ABORT, wire);
                default -> throw new IOException("The source said " + message.getClass().getSimpleName() + " now");
            }
        }

        private void prepare() throws IOException {
            if (state == TargetState.RECEIVING) {
                try {
                    guest.ready(parts);
                } catch (BadState e) {
                    wire.send(new Message.Refused(e.getMessage()));
                    wire.flush();
                    throw new IOException(e.getMessage(), e);
                }
            }
            on(TargetEvent.PREPARE, wire);
        }

        /** @param answers where to answer, null for nowhere */
        synchronized TargetState on(TargetEvent event, Wire answers) throws IOException {
            TargetRules.Step step = TargetRules.on(state, event);
            for (TargetAction action : step.actions()) {
                switch (action) {
                    case JOURNAL_STARTED -> journal.started(id);
                    case START -> {
                        guest.start();
                        forget();
                    }
                    case DISCARD_COPY -> {
                        all.remove(id);
                        guest.discard();
                        forget();
                        if (answers != wire) {
                            wire.close();
                        }
                    }
                    case SEND_READY, SEND_STARTED, SEND_NONE, SEND_KILLED -> {
                        state = step.next();
                        if (answers != null) {
                            answers.send(answer(action));
                            answers.flush();
                        }
                    }
                }
            }
            state = step.next();
            return state;
        }

        /** What stays is that it was here. */
        private void forget() {
            guest = null;
            batch = null;
            parts.clear();
        }
    }
}

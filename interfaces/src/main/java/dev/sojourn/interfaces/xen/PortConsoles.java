package dev.sojourn.interfaces.xen;

import dev.sojourn.device.ByteSource;
import dev.sojourn.interfaces.HostPort;
import dev.sojourn.interfaces.xen.store.Store;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The host's ports as consoles of the guest beside its first: number 1 is the first port's. The guest finds them in the store,
 * offers a ring and a channel for each, and is connected (the states are those of public/io/xenbus.h).
 */
final class PortConsoles {
    private static final String INIT_WAIT = "2";
    private static final String INITIALISED = "3";
    private static final String CONNECTED = "4";
    private static final String CLOSING = "5";
    private static final String CLOSED = "6";
    /** The port whose bytes come to an end. */
    private static final String STREAM = "stdin";
    private static final int NAME_MAX = 64;

    private final Domain domain;
    private final Store store;
    private final List<Console> consoles = new ArrayList<>();

    private final class Console {
        private final HostPort port;
        private final ByteSource input;
        private final String front;
        private final String back;
        private ConsoleRing ring;
        private long reference;
        private long page;
        private int channel;

        private Console(HostPort port, int number) {
            this.port = port;
            input = port.name().equals(STREAM) ? new FramedSource(port.input()) : port.input();
            front = store.home() + "/device/console/" + number;
            back = "/local/domain/0/backend/console/" + Domain.ID + "/" + number;
        }

        private void save(StateWriter out) {
            out.text("name", port.name()).flag("connected", ring != null).number("reference", reference).number("page", page);
            out.number("channel", channel);
            if (input instanceof FramedSource framed) {
                out.group("input", framed::save);
            }
        }

        private void restore(StateReader in) throws BadState {
            if (!in.text("name", NAME_MAX).equals(port.name())) {
                throw in.bad("is of port " + in.text("name", NAME_MAX) + ", and here is " + port.name());
            }
            reference = in.number("reference");
            page = in.number("page");
            channel = in.number32("channel");
            if (in.flag("connected")) {
                if ((page & GuestMemory.PAGE_BYTES - 1) != 0 || !domain.memory().isRam(page, GuestMemory.PAGE_BYTES)) {
                    throw in.bad("has a ring outside of RAM");
                }
                ring = ring();
            }
            if (input instanceof FramedSource framed) {
                framed.restore(in.group("input"));
            }
        }

        private ConsoleRing ring() {
            return new ConsoleRing(domain.memory(), page, port.output(), input, () -> domain.events.notify(channel));
        }

        private void watch() { store.watch(front + "/state", _ -> changed()); }

        private void announce() {
            store.write(back + "/frontend", front);
            store.write(back + "/frontend-id", Integer.toString(Domain.ID));
            store.write(back + "/online", "1");
            store.write(back + "/name", port.name());
            store.write(back + "/state", INIT_WAIT);
            store.write(front + "/backend", back);
            store.write(front + "/backend-id", "0");
            store.write(front + "/name", port.name());
            store.write(front + "/type", "sojourn");
            store.write(front + "/state", "1");
            watch();
        }

        private void changed() {
            String state = store.read(front + "/state");
            if (state.equals(INITIALISED) && ring == null) {
                connect();
            } else if (state.equals(CLOSING) || state.equals(CLOSED)) {
                disconnect();
            }
        }

        private void connect() {
            reference = number(store.read(front + "/ring-ref"));
            channel = (int) number(store.read(front + "/port"));
            long frame = domain.grants.map(reference);
            page = frame < 0 ? GuestFrames.NONE : domain.frames().hold(frame);
            if (page == GuestFrames.NONE) {
                domain.grants.unmap(reference);
                return;
            }
            ConsoleRing made = ring();
            if (!domain.events.join(channel, made)) {
                domain.frames().release(page);
                domain.grants.unmap(reference);
                return;
            }
            ring = made;
            store.write(back + "/state", CONNECTED);
            ring.notified();
        }

        private void disconnect() {
            if (ring != null) {
                ring = null;
                domain.events.leave(channel);
                domain.frames().release(page);
                domain.grants.unmap(reference);
                store.write(back + "/state", CLOSED);
            }
        }

        private static long number(String text) { return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1; }
    }

    PortConsoles(Domain domain, List<HostPort> ports) {
        this.domain = domain;
        store = domain.store();
        ports.forEach(port -> consoles.add(new Console(port, consoles.size() + 1)));
    }

    /** Tells the guest of them. */
    void announce() {
        store.readable("/local/domain/0/backend");
        consoles.forEach(Console::announce);
    }

    void save(StateWriter out) { out.list("consoles", consoles, (each, console) -> console.save(each)); }

    /** In place of {@link #announce}: the store has it all already. */
    void restore(StateReader in) throws BadState {
        List<StateReader> states = in.listOf("consoles", consoles.size());
        for (int i = 0; i < consoles.size(); i++) {
            consoles.get(i).watch();
            consoles.get(i).restore(states.get(i));
        }
    }

    /** Our end of a channel; null if it is of none of them. */
    ConsoleRing ringOf(int channel) {
        for (Console console : consoles) {
            if (console.ring != null && console.channel == channel) {
                return console.ring;
            }
        }
        return null;
    }

    void inputReady(String name) {
        for (Console console : consoles) {
            if (console.port.name().equals(name) && console.ring != null) {
                console.ring.inputReady();
            }
        }
    }
}

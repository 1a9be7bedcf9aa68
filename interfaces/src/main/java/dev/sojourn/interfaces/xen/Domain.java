package dev.sojourn.interfaces.xen;

import dev.sojourn.interfaces.MachineOps;
import dev.sojourn.interfaces.ProcessorOps;
import dev.sojourn.interfaces.xen.store.Store;
import dev.sojourn.interfaces.xen.store.StoreServer;
import dev.sojourn.memory.GuestMemory;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One guest of Xen's: its vCPUs, event channels, grants, store and console, with the machine they are on. */
public final class Domain {
    /** Our guest's number; domain 0 is the host's side. */
    public static final int ID = 1;

    private static final int SELF = 0x7ff0;

    public final EventChannels events;
    public final GrantTable grants = new GrantTable();
    public final Hypercalls hypercalls;

    private final MachineOps machine;
    private final Kind kind;
    private final GuestFrames frames;
    private final GuestTime time;
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final Store store = new Store(ID);
    private SharedInfo shared;
    private StoreServer storeServer;
    private ConsoleRing console;
    private PortConsoles ports;
    private int consolePort;
    private int storePort;

    public Domain(MachineOps machine, Kind kind, GuestFrames frames) {
        this.machine = machine;
        this.kind = kind;
        this.frames = frames;
        time = GuestTime.of(machine.timeStamp());
        events = new EventChannels(this);
        hypercalls = new Hypercalls(this);
    }

    public MachineOps machine() { return machine; }

    public GuestMemory memory() { return machine.memory(); }

    public Kind kind() { return kind; }

    public GuestFrames frames() { return frames; }

    GuestTime time() { return time; }

    public List<Vcpu> vcpus() { return Collections.unmodifiableList(vcpus); }

    public SharedInfo shared() { return shared; }

    public Store store() { return store; }

    public int consolePort() { return consolePort; }

    public int storePort() { return storePort; }

    public Vcpu add(ProcessorOps ops, GuestPointers pointers) {
        Vcpu vcpu = new Vcpu(this, ops, pointers);
        vcpus.add(vcpu);
        if (shared != null) {
            vcpu.place(shared);
        }
        return vcpu;
    }

    /** The vCPU of a number that a guest gave; null if there is none. */
    Vcpu vcpu(long number) { return number >= 0 && number < vcpus.size() ? vcpus.get((int) number) : null; }

    boolean isSelf(int domain) { return domain == SELF || domain == ID; }

    /** Puts the shared page somewhere, with what it held before. @param at physical address of a page */
    public void share(long at) {
        if (shared == null) {
            shared = new SharedInfo(machine.memory(), at);
            shared.wallClock(machine.date().epochNanos() - machine.nanos());
        } else {
            shared.move(at);
        }
        vcpus.forEach(v -> v.place(shared));
    }

    /** Runstates are marked while they change, from now on (vm_assist 5). */
    public long stampRunstate() {
        vcpus.forEach(v -> v.runstateStamped(true));
        return 0;
    }

    /** Joins store and console to pages of theirs; the store's port is the first, the console's the second. */
    public void connect(long storePage, long consolePage) {
        makeParts(storePage, consolePage);
        storePort = events.connect(storeServer::notified);
        consolePort = events.connect(console);
        StoreTree.fill(store, this);
    }

    private void makeParts(long storePage, long consolePage) {
        storeServer = new StoreServer(machine.memory(), storePage, store, () -> events.notify(storePort));
        console = new ConsoleRing(machine.memory(), consolePage, machine.consoleOutput(), machine.consoleInput(),
                () -> events.notify(consolePort));
    }

    /** Offers the host's ports as further consoles. */
    public void offerPorts() {
        ports = new PortConsoles(this, machine.hostPorts());
        ports.announce();
    }

    /** What all kinds of guests have, but for the vCPUs and where the grant table lies. */
    public void save(StateWriter out) {
        out.number("shared-at", shared.at()).number("store-at", storeServer.at()).number("console-at", console.at());
        out.number("store-port", storePort).number("console-port", consolePort);
        out.group("store", store::save);
        if (ports != null) {
            out.group("port-consoles", ports::save);
        }
        out.group("store-server", storeServer::save).group("events", events::save);
    }

    /** Those who watch the store are joined in the order in which they came: the host's, then the guest's. */
    public void restore(StateReader in) throws BadState {
        shared.moved(page(in, "shared-at"));
        makeParts(page(in, "store-at"), page(in, "console-at"));
        storePort = in.number32("store-port");
        consolePort = in.number32("console-port");
        store.restore(in.group("store"));
        if (in.has("port-consoles")) {
            ports = new PortConsoles(this, machine.hostPorts());
            ports.restore(in.group("port-consoles"));
        }
        storeServer.restore(in.group("store-server"));
        events.restore(in.group("events"), this::backend);
    }

    private Port.Backend backend(int port) {
        return port == storePort ? storeServer::notified : port == consolePort ? console : ports == null ? null : ports.ringOf(port);
    }

    private long page(StateReader in, String name) throws BadState {
        long at = in.number(name);
        if ((at & GuestMemory.PAGE_BYTES - 1) != 0 || !machine.memory().isRam(at, GuestMemory.PAGE_BYTES)) {
            throw in.bad("has " + name + " outside of RAM");
        }
        return at;
    }

    public void portInputReady(String name) {
        if (ports != null) {
            ports.inputReady(name);
        }
    }

    /** The console's source has bytes after having had none. */
    public void consoleInputReady() {
        if (console != null) {
            console.inputReady();
        }
    }

    /** The same in every run: nothing of the host is in it. */
    byte[] uuid() {
        return ByteBuffer.allocate(16).putLong(0x736f_6a6f_7572_4e00L).putLong(0x8000_0000_0000_0000L | ID).array();
    }
}

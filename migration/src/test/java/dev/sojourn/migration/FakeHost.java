package dev.sojourn.migration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** A host of counting guests, which can be killed and comes back with its journal. */
final class FakeHost {
    final FakeWorld world;
    private final Journal journal;
    private final List<FakeGuest> guests = new CopyOnWriteArrayList<>();
    private Receiver receiver;

    FakeHost(Path folder, FakeWorld world) throws IOException {
        this.world = world;
        journal = new Journal(folder);
        start();
    }

    private void start() {
        receiver = new Receiver(_ -> {
            FakeGuest guest = new FakeGuest(world);
            guests.add(guest);
            return guest;
        }, journal);
    }

    Journal journal() { return journal; }

    /** All guests die, and whoever talked to it hears nothing more; then it is back. */
    synchronized void kill() {
        guests.forEach(FakeGuest::kill);
        guests.clear();
        start();
    }

    synchronized Receiver receiver() { return receiver; }

    /** Lines to this host: the first breaks after some bytes, as the chance has it; later ones live a while. */
    Connector line(RandomGenerator chance) {
        return () -> {
            boolean whole = chance.nextInt(3) == 0;
            int bytes = chance.nextInt(4) == 0 ? 1200 : 60_000;
            FaultyLine line = new FaultyLine(whole ? Long.MAX_VALUE : chance.nextInt(bytes), whole ? Long.MAX_VALUE : 12 + chance.nextInt(120));
            Thread.ofVirtual().start(() -> receiver().serve(line.far()));
            return line.near();
        };
    }
}

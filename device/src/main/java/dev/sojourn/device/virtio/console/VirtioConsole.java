package dev.sojourn.device.virtio.console;

import dev.sojourn.device.virtio.Transport;
import dev.sojourn.device.virtio.VirtioDevice;
import dev.sojourn.device.virtio.queue.Chain;
import dev.sojourn.device.virtio.queue.Virtqueue;
import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtio console device with named ports (section 5.3).
 *
 * <p>Configuration space: le16 cols, le16 rows, le32 max_nr_ports. Queues: receive and transmit of port 0, receive and
 * transmit of the control protocol, then receive and transmit of port 1 and so on. A driver that does not know about
 * many ports sees port 0 alone, as a console.
 */
public final class VirtioConsole implements VirtioDevice {
    /** Ports at most: a machine needs a handful, and each costs a buffer here and pages in the guest. */
    public static final int PORTS_MAX = 31;

    private static final int DEVICE_ID = 3;
    private static final long F_SIZE = 1L << 0;
    private static final long F_MULTIPORT = 1L << 1;

    private static final int CONTROL_RECEIVE = 2;
    private static final int CONTROL_TRANSMIT = 3;

    /** Linux fills each receive queue with pages: 256 KiB a port, for which one interrupt is enough. */
    private static final int DATA_QUEUE_SIZE = 64;

    private static final int CONTROL_QUEUE_SIZE = 32;

    /** What the driver says on the control queue; the rest of the protocol is in {@link Message}. */
    private static final int DEVICE_READY = 0;
    private static final int PORT_READY = 3;
    private static final int PORT_OPEN = 6;

    private final List<Port> ports;
    private final Chain chain = new Chain();
    private final Chain inputChain = new Chain();
    private final byte[] output = new byte[64 << 10];
    private final byte[] message = new byte[Message.BYTES + ConsolePort.NAME_BYTES_MAX];
    private int columns;
    private int rows;
    private boolean started;
    private Transport transport;

    public VirtioConsole(List<ConsolePort> wiring) {
        if (wiring.isEmpty() || wiring.size() > PORTS_MAX) {
            throw new IllegalArgumentException("Number of ports out of range: " + wiring.size());
        }
        List<Port> ports = new ArrayList<>();
        for (ConsolePort port : wiring) {
            ports.add(new Port(port));
        }
        this.ports = List.copyOf(ports);
    }

    /** A port's source may have more bytes, or its end. Called on the thread that runs the machine. */
    public void inputReady(int port) {
        if (started) {
            receive(port);
        }
    }

    /** Whether the guest holds a port open. */
    public boolean guestOpen(int port) { return ports.get(port).guestOpen(); }

    /** The terminal has a new size: the guest's consoles are told. Called on the thread that runs the machine. */
    public void resize(int columns, int rows) {
        if (columns < 0 || columns > 0xffff || rows < 0 || rows > 0xffff) {
            throw new IllegalArgumentException("Terminal size out of range: " + columns + " x " + rows);
        }
        if (columns == this.columns && rows == this.rows) {
            return;
        }
        this.columns = columns;
        this.rows = rows;
        for (Port port : ports) {
            if (port.known() && port.wiring().console()) {
                port.tell(Message.RESIZE);
            }
        }
        if (started) {
            transport.configChanged();
            tellPending();
        }
    }

    @Override
    public int deviceId() { return DEVICE_ID; }

    @Override
    public long features() { return F_SIZE | F_MULTIPORT; }

    @Override
    public int queueCount() { return 2 * (ports.size() + 1); }

    @Override
    public int queueSizeMax(int queue) {
        return queue == CONTROL_RECEIVE || queue == CONTROL_TRANSMIT ? CONTROL_QUEUE_SIZE : DATA_QUEUE_SIZE;
    }

    @Override
    public int configByte(int offset) {
        return switch (offset) {
            case 0 -> columns & 0xff;
            case 1 -> columns >> 8;
            case 2 -> rows & 0xff;
            case 3 -> rows >> 8;
            case 4 -> ports.size();
            default -> 0;
        };
    }

    @Override
    public void start(Transport transport) {
        this.transport = transport;
        started = true;
        if (!transport.negotiated(F_MULTIPORT)) {
            ports.getFirst().guestOpen(true);
        }
    }

    @Override
    public void queueNotified(int queue) {
        switch (queue) {
            case CONTROL_RECEIVE -> tellPending();
            case CONTROL_TRANSMIT -> listen();
            default -> {
                int port = queue < CONTROL_RECEIVE ? 0 : queue / 2 - 1;
                if (queue % 2 == 0) {
                    receive(port);
                } else {
                    ports.get(port).transmit(transport.queue(queue), chain, output);
                }
            }
        }
    }

    @Override
    public void reset() {
        started = false;
        ports.forEach(Port::reset);
    }

    @Override
    public void save(StateWriter out) {
        out.number("columns", columns).number("rows", rows).list("ports", ports, (each, port) -> port.save(each));
    }

    @Override
    public void restore(StateReader in) throws BadState {
        columns = in.number("columns", 0, 0xffff);
        rows = in.number("rows", 0, 0xffff);
        List<StateReader> states = in.listOf("ports", ports.size());
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).restore(states.get(i));
        }
    }

    private void receive(int index) {
        Port port = ports.get(index);
        port.receive(transport.queue(index == 0 ? 0 : 2 * index + 2), inputChain);
        if (port.hasPending()) {
            tellPending();
        }
    }

    /** Reads what the driver says on the control queue. */
    private void listen() {
        Virtqueue queue = transport.queue(CONTROL_TRANSMIT);
        while (queue.take(chain)) {
            int length = chain.read(message, 0, Message.BYTES);
            queue.put(chain);
            if (length == Message.BYTES) {
                said(get(0, 4), get(4, 2), get(6, 2));
            }
        }
        queue.signal();
        tellPending();
    }

    /** One message of the driver. What makes no sense is ignored, as are messages about ports that are not there. */
    private void said(long id, long event, long value) {
        if (event == DEVICE_READY) {
            if (value == 1) {
                ports.forEach(port -> port.tell(Message.DEVICE_ADD));
            }
            return;
        }
        if (id >= ports.size()) {
            return;
        }
        int index = (int) id;
        Port port = ports.get(index);
        if (event == PORT_READY && value == 1) {
            port.makeKnown(columns != 0 || rows != 0);
        } else if (event == PORT_OPEN) {
            port.guestOpen(value != 0);
            receive(index);
        }
    }

    /** Tells the driver what it does not know yet, as far as it has room for it. */
    private void tellPending() {
        Virtqueue queue = transport.queue(CONTROL_RECEIVE);
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            while (port.hasPending() && queue.take(inputChain)) {
                int length = compose(i, port, port.nextPending());
                if (inputChain.writable() < length) {
                    queue.fail();
                    return;
                }
                inputChain.write(message, 0, length);
                queue.put(inputChain);
            }
        }
        queue.signal();
    }

    /** Writes a message into the message buffer. @return its bytes */
    private int compose(int id, Port port, Message kind) {
        put(0, 4, id);
        put(4, 2, kind.event());
        put(6, 2, kind != Message.PORT_OPEN || port.hostOpen() ? 1 : 0);
        return switch (kind) {
            case RESIZE -> {
                // Section 5.3.6.2 says columns first. Linux has read them so, the other way round, and so again; the
                // kernel of Debian 12 (6.1.192) reads them as specified.
                put(8, 2, columns);
                put(10, 2, rows);
                yield Message.BYTES + 4;
            }
            case PORT_NAME -> {
                byte[] name = port.wiring().nameBytes();
                System.arraycopy(name, 0, message, Message.BYTES, name.length);
                yield Message.BYTES + name.length;
            }
            case DEVICE_ADD, CONSOLE_PORT, PORT_OPEN -> Message.BYTES;
        };
    }

    private long get(int offset, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (message[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    private void put(int offset, int bytes, int value) {
        for (int i = 0; i < bytes; i++) {
            message[offset + i] = (byte) (value >> 8 * i);
        }
    }
}

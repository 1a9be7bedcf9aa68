package dev.sojourn.device.virtio.console;

import static dev.sojourn.device.virtio.Ring.fromDevice;
import static dev.sojourn.device.virtio.Ring.toDevice;

import dev.sojourn.device.virtio.Driver;
import dev.sojourn.device.virtio.Ring;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A guest's console driver with many ports: pages in each receive queue, requests that spin until they are done. */
final class ConsoleDriver {
    static final int PAGE = 4096;
    static final long SIZE = 1;
    static final long MULTIPORT = 2;
    static final long ALL = SIZE | MULTIPORT | Driver.VERSION_1 | Driver.INDIRECT_DESC | Driver.EVENT_IDX;

    final Driver driver;
    final List<String> heard = new ArrayList<>();
    private final Map<Integer, Ring> rings = new HashMap<>();
    private final Map<Long, Long> pages = new HashMap<>();
    private final Map<Integer, Boolean> hostOpen = new HashMap<>();
    private long scratch;

    ConsoleDriver(Driver driver) { this.driver = driver; }

    /** Resets the device and brings it up to where its ports are known. */
    void probe(long features) {
        setUp(features);
        int ports = driver.get(0x104);
        for (int queue = 0; queue < 2 * (ports + 1); queue++) {
            rings.put(queue, driver.ring(queue));
        }
        scratch = driver.allocate(128 << 10);
        driver.driverOk();
        fill(2);
        say(-1, 0, 1);
        listen();
    }

    /** Brings up port 0 alone, as a driver that knows no more. */
    void probeSinglePort() {
        setUp(SIZE | Driver.VERSION_1);
        rings.put(0, driver.ring(0));
        rings.put(1, driver.ring(1));
        scratch = driver.allocate(128 << 10);
        driver.driverOk();
        fill(0);
    }

    private void setUp(long features) {
        rings.clear();
        pages.clear();
        hostOpen.clear();
        heard.clear();
        if (!driver.negotiate(features)) {
            throw new AssertionError("Features refused");
        }
    }

    Ring receiver(int port) { return rings.get(port == 0 ? 0 : 2 * port + 2); }

    Ring transmitter(int port) { return rings.get(port == 0 ? 1 : 2 * port + 3); }

    Ring controlReceiver() { return rings.get(2); }

    boolean hostOpen(int port) { return hostOpen.getOrDefault(port, false); }

    void open(int port) {
        say(port, 6, 1);
        listen();
    }

    void close(int port) {
        say(port, 6, 0);
        listen();
    }

    void say(int id, int event, int value) {
        ByteBuffer message = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(id).putShort((short) event).putShort((short) value);
        driver.memory.write(scratch, message.array());
        rings.get(3).request(toDevice(scratch, 8));
    }

    /** Handles what the device said, as the kernel's work item does. */
    void listen() {
        Ring ring = rings.get(2);
        while (ring.hasUsed()) {
            Ring.Used used = ring.take();
            byte[] bytes = new byte[used.length()];
            long page = page(2, used.head());
            driver.memory.read(page, bytes, 0, bytes.length);
            give(2, page);
            hear(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private void hear(ByteBuffer message) {
        int id = message.getInt();
        int event = message.getShort();
        int value = message.getShort();
        switch (event) {
            case 1 -> {
                heard.add("add " + id);
                fill(id == 0 ? 0 : 2 * id + 2);
                say(id, 3, 1);
            }
            case 4 -> {
                heard.add("console " + id);
                say(id, 6, 1);
            }
            case 5 -> heard.add("resize " + id + " " + message.getShort() + "x" + message.getShort());
            case 6 -> {
                heard.add((value == 0 ? "close " : "open ") + id);
                hostOpen.put(id, value != 0);
            }
            case 7 -> heard.add("name " + id + " " + StandardCharsets.US_ASCII.decode(message));
            default -> throw new AssertionError("Event " + event);
        }
    }

    void write(int port, byte[] bytes, int offset, int length) {
        driver.memory.write(scratch, bytes, offset, length);
        transmitter(port).request(toDevice(scratch, length));
    }

    /** Writes in requests of some size. */
    void writeAll(int port, byte[] bytes, int requestBytes) {
        for (int done = 0; done < bytes.length; done += requestBytes) {
            write(port, bytes, done, Math.min(requestBytes, bytes.length - done));
        }
    }

    /** All that the device has put into the port's pages so far. */
    byte[] readAll(int port) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Ring ring = receiver(port);
        int queue = port == 0 ? 0 : 2 * port + 2;
        while (ring.hasUsed()) {
            Ring.Used used = ring.take();
            byte[] bytes = new byte[used.length()];
            long page = page(queue, used.head());
            driver.memory.read(page, bytes, 0, bytes.length);
            all.writeBytes(bytes);
            give(queue, page);
        }
        return all.toByteArray();
    }

    private void fill(int queue) {
        while (!rings.get(queue).full()) {
            give(queue, driver.allocate(PAGE));
        }
    }

    private void give(int queue, long page) {
        int head = rings.get(queue).offer(fromDevice(page, PAGE));
        pages.put((long) queue << 32 | head, page);
        rings.get(queue).kick();
    }

    private long page(int queue, int head) { return pages.get((long) queue << 32 | head); }
}

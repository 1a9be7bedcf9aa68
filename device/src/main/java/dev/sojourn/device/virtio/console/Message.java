package dev.sojourn.device.virtio.console;

/** What the device says on the control queue (section 5.3.6.2), in the order in which a port is told. */
enum Message {
    DEVICE_ADD(1), CONSOLE_PORT(4), RESIZE(5), PORT_OPEN(6), PORT_NAME(7);

    /** The bytes of a message before what RESIZE and PORT_NAME add: le32 id, le16 event, le16 value. */
    static final int BYTES = 8;

    private static final Message[] IN_ORDER = values();

    private final int event;

    Message(int event) { this.event = event; }

    int event() { return event; }

    static Message inOrder(int index) { return IN_ORDER[index]; }
}

package dev.sojourn.net;

/**
 * A TCP segment of the guest's, checked to lie within its frame (RFC 9293, 3.1).
 *
 * @param frame whose bytes hold it
 * @param at where its header begins
 * @param end where its data end
 */
record TcpSegment(byte[] frame, int destinationAddress, int at, int end) {
    static final int HEADER_BYTES = 20;
    static final int CHECKSUM = 16;

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    private static final int OPTION_END = 0;
    private static final int OPTION_NONE = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_SCALE = 3;
    private static final int SCALE_MAX = 14;

    boolean isWhole() { return end - at >= HEADER_BYTES && headerBytes() >= HEADER_BYTES && headerBytes() <= end - at; }

    int sourcePort() { return Packet.get16(frame, at); }

    int destinationPort() { return Packet.get16(frame, at + 2); }

    int sequence() { return Packet.get32(frame, at + 4); }

    int acknowledgement() { return Packet.get32(frame, at + 8); }

    boolean has(int flag) { return (frame[at + 13] & flag) != 0; }

    int window() { return Packet.get16(frame, at + 14); }

    int dataAt() { return at + headerBytes(); }

    int dataBytes() { return end - dataAt(); }

    /** The largest segment the guest takes; 536 if it does not say. */
    int maximumSegment() { return option(OPTION_MSS, 4, 536); }

    /** By how much the guest's windows are shifted; -1 if they never are. */
    int windowScale() { return Math.min(option(OPTION_SCALE, 3, -1), SCALE_MAX); }

    private int headerBytes() { return (frame[at + 12] & 0xf0) >> 2; }

    private int option(int kind, int bytes, int otherwise) {
        int last = dataAt();
        int option = at + HEADER_BYTES;
        while (option < last && frame[option] != OPTION_END) {
            if (frame[option] == OPTION_NONE) {
                option++;
                continue;
            }
            int length = option + 1 < last ? Packet.get8(frame, option + 1) : 0;
            if (length < 2 || option + length > last) {
                return otherwise;
            }
            if (frame[option] == kind && length == bytes) {
                return bytes == 3 ? Packet.get8(frame, option + 2) : Packet.get16(frame, option + 2);
            }
            option += length;
        }
        return otherwise;
    }
}

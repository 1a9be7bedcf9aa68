package dev.sojourn.migration;

import dev.sojourn.state.BadState;
import dev.sojourn.state.Section;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A connection that carries messages.
 *
 * <p>Each side begins with the eight bytes {@code sojournM} and a version, 32 bits. A message is its kind, 8 bits; the length of its
 * content, 32 bits; the CRC-32C of kind, length and content, 32 bits; and the content. Numbers are big-endian.
 *
 * <p>One thread sends and one receives; any may close.
 */
public final class Wire implements Closeable {
    /** Of the protocol: the lower one of both sides is spoken. */
    static final int VERSION = 1;

    /** A section of state is the longest message: that of a network or disk with much under way. */
    static final int CONTENT_BYTES_MAX = 16 << 20;

    private static final long MAGIC = 0x736f_6a6f_7572_6e4dL;
    private static final int SENTENCE_BYTES_MAX = 1000;
    private static final int NAME_BYTES_MAX = 256;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Closeable connection;
    private long sent;

    /** @param connection closed with it */
    public Wire(InputStream in, OutputStream out, Closeable connection) {
        this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        this.connection = connection;
    }

    /** Greets the other side. @throws IOException if it is none of ours */
    void greet() throws IOException {
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.flush();
        if (in.readLong() != MAGIC) {
            throw new IOException("The other side does not speak Sojourn's migration protocol");
        }
        if (in.readInt() < 1) {
            throw new IOException("The other side names no version of the migration protocol");
        }
    }

    /** Bytes sent so far. */
    long sent() { return sent; }

    /** Sends what was held back for efficiency. */
    void flush() throws IOException { out.flush(); }

    /** May hold the message back until {@link #flush}. */
    void send(Message message) throws IOException {
        byte[] content = content(message);
        int kind = kind(message);
        out.writeByte(kind);
        out.writeInt(content.length);
        out.writeInt(checksum(kind, content));
        out.write(content);
        sent += 9 + content.length;
    }

    /** Waits for a message. @throws IOException if the connection ended, or what came is no message */
    Message receive() throws IOException {
        int kind = in.readUnsignedByte();
        int length = in.readInt();
        int checksum = in.readInt();
        if (length < 0 || length > CONTENT_BYTES_MAX) {
            throw new IOException("A message of " + (length & 0xffff_ffffL) + " bytes is longer than any");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new IOException("The connection ended in a message");
        }
        if (checksum(kind, content) != checksum) {
            throw new IOException("A message arrived damaged");
        }
        try {
            return message(kind, content);
        } catch (BadState e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override public void close() throws IOException { connection.close(); }

    private static int checksum(int kind, byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(kind);
        for (int shift = 24; shift >= 0; shift -= 8) {
            sum.update(content.length >> shift);
        }
        sum.update(content);
        return (int) sum.getValue();
    }

    private static int kind(Message message) {
        return switch (message) {
            case Message.Offered _ -> 1;
            case Message.Accepted _ -> 2;
            case Message.Refused _ -> 3;
            case Message.Pages _ -> 4;
            case Message.Mark _ -> 5;
            case Message.Marked _ -> 6;
            case Message.Part _ -> 7;
            case Message.Prepare _ -> 8;
            case Message.Ready _ -> 9;
            case Message.Commit _ -> 10;
            case Message.Abort _ -> 11;
            case Message.Started _ -> 12;
            case Message.None _ -> 13;
            case Message.Killed _ -> 14;
        };
    }

    private static byte[] content(Message message) {
        return switch (message) {
            case Message.Offered(Offer offer) -> offer.toBytes();
            case Message.Refused(String reason) -> new StateWriter().text("reason", reason).toBytes();
            case Message.Pages(byte[] batch) -> batch;
            case Message.Mark(int number) -> new StateWriter().number("number", number).toBytes();
            case Message.Marked(int number) -> new StateWriter().number("number", number).toBytes();
            case Message.Part(Section section) -> new StateWriter().text("name", section.name()).number("version", section.version())
                    .flag("mayIgnore", section.mayIgnore()).bytes("bytes", section.bytes()).toBytes();
            case Message.Commit(String id) -> id.getBytes(StandardCharsets.US_ASCII);
            case Message.Abort(String id) -> id.getBytes(StandardCharsets.US_ASCII);
            case Message.Accepted _, Message.Prepare _, Message.Ready _, Message.Started _, Message.None _, Message.Killed _ ->
                    new byte[0];
        };
    }

    private static Message message(int kind, byte[] content) throws BadState, IOException {
        return switch (kind) {
            case 1 -> new Message.Offered(Offer.of(content));
            case 2 -> new Message.Accepted();
            case 3 -> new Message.Refused(fields(content).text("reason", SENTENCE_BYTES_MAX));
            case 4 -> new Message.Pages(content);
            case 5 -> new Message.Mark(fields(content).number32("number"));
            case 6 -> new Message.Marked(fields(content).number32("number"));
            case 7 -> part(fields(content));
            case 8 -> new Message.Prepare();
            case 9 -> new Message.Ready();
            case 10 -> new Message.Commit(id(content));
            case 11 -> new Message.Abort(id(content));
            case 12 -> new Message.Started();
            case 13 -> new Message.None();
            case 14 -> new Message.Killed();
            default -> throw new IOException("A message of kind " + kind + " is not known here; use a newer release");
        };
    }

    private static StateReader fields(byte[] content) throws BadState { return new StateReader("a message", 1, content); }

    private static Message part(StateReader in) throws BadState {
        return new Message.Part(new Section(in.text("name", NAME_BYTES_MAX), in.number("version", 1, Integer.MAX_VALUE),
                in.flag("mayIgnore"), in.bytes("bytes", CONTENT_BYTES_MAX)));
    }

    private static String id(byte[] content) throws IOException {
        String id = new String(content, StandardCharsets.US_ASCII);
        if (!Offer.isId(id)) {
            throw new IOException("A message names no migration");
        }
        return id;
    }
}

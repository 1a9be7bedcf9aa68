package dev.sojourn.testkit.oracle;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Outcomes recorded on a real processor, for computers that have none.
 *
 * <p>Cases are kept as their seeds; a checksum tells when the generator no longer makes the same case, and the file is
 * to be recorded again. An outcome is kept as its difference from the state before.
 *
 * <pre>
 * gzip of: magic "SOJT", int version, int count, then per case
 *   long seed, int CRC-32 of the case, byte vector, int error code, long address,
 *   then runs of (short bytes to skip, short length, length bytes XORed with the state before), ended by a length of
 * zero
 * </pre>
 */
public final class TruthFile {
    private static final int MAGIC = 0x534f_4a54;
    private static final int VERSION = 1;
    private static final int COUNT_MAX = 1_000_000;
    private static final int JOIN_GAP = 4;

    private TruthFile() {}

    /** A case with what the real processor made of it. */
    public record Entry(Case c, Outcome outcome) {}

    public static void write(OutputStream to, List<Entry> entries) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(to)))) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(entries.size());
            for (Entry entry : entries) {
                Fault fault = entry.outcome.fault();
                out.writeLong(entry.c.seed());
                out.writeInt(checksum(entry.c));
                out.writeByte(fault.vector());
                out.writeInt(fault.errorCode());
                out.writeLong(fault.address());
                writeRuns(out, StateBytes.of(entry.c.before()), StateBytes.of(entry.outcome.after()));
            }
        }
    }

    /**
     * @param cases makes the case of a seed
     * @throws IOException if the file is damaged, or was recorded for other cases than these
     */
    public static List<Entry> read(InputStream from, LongFunction<Case> cases) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(from)))) {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IOException("Not a truth file of version " + VERSION);
            }
            int count = in.readInt();
            if (count < 0 || count > COUNT_MAX) {
                throw new IOException("Truth file with %d cases".formatted(count));
            }
            List<Entry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(readEntry(in, cases));
            }
            // Reading on to the end is what makes the stream check itself.
            if (in.read() >= 0) {
                throw new IOException("More in the truth file than its %d cases".formatted(count));
            }
            return entries;
        }
    }

    private static Entry readEntry(DataInputStream in, LongFunction<Case> cases) throws IOException {
        Case c = caseOf(in.readLong(), cases);
        if (in.readInt() != checksum(c)) {
            throw new IOException("The generator has changed since: record the truth again. " + c.name());
        }
        Fault fault = new Fault(in.readByte(), in.readInt(), in.readLong());
        byte[] state = StateBytes.of(c.before());
        int at = 0;
        while (true) {
            at += in.readUnsignedShort();
            int length = in.readUnsignedShort();
            if (length == 0) {
                return new Entry(c, new Outcome(StateBytes.state(state), fault));
            }
            if (at + length > state.length) {
                throw new IOException("Damaged truth file: run to %d of %d".formatted(at + length, state.length));
            }
            for (int i = 0; i < length; i++) {
                state[at++] ^= in.readByte();
            }
        }
    }

    private static Case caseOf(long seed, LongFunction<Case> cases) throws IOException {
        try {
            return cases.apply(seed);
        } catch (IllegalArgumentException e) {
            throw new IOException("A seed the generator does not know: record the truth again", e);
        }
    }

    private static void writeRuns(DataOutputStream out, byte[] before, byte[] after) throws IOException {
        int done = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == after[i]) {
                continue;
            }
            int end = i + 1;
            for (int k = end; k < before.length && k < end + JOIN_GAP; k++) {
                end = before[k] != after[k] ? k + 1 : end;
            }
            out.writeShort(i - done);
            out.writeShort(end - i);
            for (int k = i; k < end; k++) {
                out.writeByte(before[k] ^ after[k]);
            }
            done = end;
            i = end - 1;
        }
        out.writeShort(0);
        out.writeShort(0);
    }

    private static int checksum(Case c) {
        CRC32 crc = new CRC32();
        crc.update(c.code());
        crc.update(c.bits32() ? 1 : 0);
        crc.update(StateBytes.of(c.before()));
        return (int) crc.getValue();
    }
}

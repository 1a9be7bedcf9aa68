package dev.sojourn.testkit.oracle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The processor of this computer, in a process that runs cases.
 *
 * <p>Needs an x86-64 Linux that lets a temporary file be executed; ask {@link #available} first. Not for several
 * threads.
 */
public final class NativeProcessor implements AutoCloseable {
    private static final int CONTEXT_RSP = 15;
    private static final int CONTEXT_RIP = 16;
    private static final int CONTEXT_RFLAGS = 17;
    private static final int CONTEXT_ERROR = 19;
    private static final int CONTEXT_VECTOR = 20;
    private static final int CONTEXT_CR2 = 22;

    /** Where the kernel's sigcontext has RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI and R8 to R15. */
    private static final int[] CONTEXT_GENERAL = {13, 14, 12, 11, CONTEXT_RSP, 10, 9, 8, 0, 1, 2, 3, 4, 5, 6, 7};

    private static final int START_ATTEMPTS = 5;
    private static final int END_SECONDS_MAX = 5;

    private final Process process;
    private final ByteBuffer cases = buffer(8 + NativeProgram.BATCH_CASES_MAX * NativeProgram.CASE_BYTES);
    private final ByteBuffer outcomes = buffer(NativeProgram.BATCH_CASES_MAX * NativeProgram.OUTCOME_BYTES);

    /** @throws UncheckedIOException if the process cannot be started */
    public NativeProcessor() {
        try {
            process = start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether cases can be run natively here, found out by running one that needs x86-64-v2. */
    public static boolean available() {
        String architecture = System.getProperty("os.arch");
        if (!"Linux".equals(System.getProperty("os.name"))
                || !"amd64".equals(architecture) && !"x86_64".equals(architecture)) {
            return false;
        }
        byte[] popcnt = {(byte) 0xf3, 0x48, 0x0f, (byte) 0xb8, (byte) 0xc0};
        try (NativeProcessor processor = new NativeProcessor()) {
            return !processor.run(List.of(probe(popcnt, false))).getFirst().fault().happened();
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** Whether code for compatibility mode runs too: a kernel may be configured without. */
    public boolean runsBits32() {
        byte[] daa = {0x27};
        return !run(List.of(probe(daa, true))).getFirst().fault().happened();
    }

    public List<Outcome> run(List<Case> list) {
        List<Outcome> result = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i += NativeProgram.BATCH_CASES_MAX) {
            batch(list.subList(i, Math.min(list.size(), i + NativeProgram.BATCH_CASES_MAX)), result);
        }
        return result;
    }

    @Override public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void batch(List<Case> list, List<Outcome> result) {
        cases.clear().putLong(list.size());
        for (Case c : list) {
            write(c);
        }
        int bytes = list.size() * NativeProgram.OUTCOME_BYTES;
        try {
            OutputStream out = process.getOutputStream();
            out.write(cases.array(), 0, cases.position());
            out.flush();
            InputStream in = process.getInputStream();
            if (in.readNBytes(outcomes.array(), 0, bytes) < bytes) {
                throw new EOFException("The native process ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < list.size(); i++) {
            result.add(read(list.get(i), i * NativeProgram.OUTCOME_BYTES));
        }
    }

    private void write(Case c) {
        int start = cases.position();
        ProcessorState before = c.before();
        cases.putLong(before.rip()).putLong(before.rflags());
        for (long value : before.general()) {
            cases.putLong(value);
        }
        cases.putLong(c.bits32() ? Layout.CODE32_SELECTOR : Layout.CODE64_SELECTOR).putLong(c.code().length);
        cases.put(c.code()).position(start + NativeProgram.CASE_WINDOWS);
        cases.put(before.windows()).put(before.fx());
    }

    private Outcome read(Case c, int at) {
        long[] general = new long[ProcessorState.GENERAL];
        for (int i = 0; i < general.length; i++) {
            general[i] = context(at, CONTEXT_GENERAL[i]);
        }
        byte[] windows = new byte[Layout.WINDOWS_BYTES];
        outcomes.get(at + NativeProgram.OUTCOME_WINDOWS, windows);
        byte[] fx = new byte[ProcessorState.FX_BYTES];
        outcomes.get(at + NativeProgram.OUTCOME_FX, fx);
        ProcessorState seen = new ProcessorState(context(at, CONTEXT_RIP), context(at, CONTEXT_RFLAGS), general, fx,
                windows);
        if (outcomes.getLong(at + NativeProgram.OUTCOME_STRAYED) != 0) {
            return new Outcome(seen, Fault.STRAYED);
        }
        if (outcomes.getLong(at + NativeProgram.OUTCOME_SIGNAL) == NativeProgram.TIMEOUT_SIGNAL) {
            return new Outcome(seen, Fault.TIMEOUT);
        }
        return Outcome.of(c, seen, Fault.of((int) context(at, CONTEXT_VECTOR), (int) context(at, CONTEXT_ERROR),
                context(at, CONTEXT_CR2)));
    }

    private long context(int at, int index) { return outcomes.getLong(at + NativeProgram.OUTCOME_CONTEXT + 8 * index); }

    private static Process start() throws IOException {
        byte[] executable = NativeProgram.executable();
        IOException first = null;
        for (Path folder : List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("").toAbsolutePath())) {
            try {
                return start(folder, executable);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    /** The file may go as soon as the process runs. */
    private static Process start(Path folder, byte[] executable) throws IOException {
        Path file = Files.createTempFile(folder, "sojourn-oracle", ".elf",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Files.write(file, executable);
            IOException last = null;
            for (int i = 0; i < START_ATTEMPTS; i++) {
                try {
                    return new ProcessBuilder(file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
                } catch (IOException e) {
                    // Another thread that forks just now may still hold the file open for writing: "text file busy".
                    last = e;
                }
            }
            throw last;
        } finally {
            Files.delete(file);
        }
    }

    private static Case probe(byte[] code, boolean bits32) {
        byte[] fx = new byte[ProcessorState.FX_BYTES];
        ProcessorState state = new ProcessorState(Layout.CODE, 2, new long[ProcessorState.GENERAL], fx,
                new byte[Layout.WINDOWS_BYTES]);
        return new Case("probe", 0, code, bits32, state, Looseness.NONE);
    }

    private static ByteBuffer buffer(int bytes) { return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN); }
}

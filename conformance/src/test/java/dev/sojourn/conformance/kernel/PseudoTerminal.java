package dev.sojourn.conformance.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A terminal of the host without a person in front of it: keys are written, the screen is a text. */
final class PseudoTerminal implements AutoCloseable {
    private static final int READ_WRITE_NO_CONTROLLING = 2 | 0x100;
    private static final long SET_WINDOW_SIZE = 0x5414;
    private static final int NAME_BYTES_MAX = 128;

    private final Arena arena = Arena.ofShared();
    private final MethodHandle read = function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private final MethodHandle write = function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private final StringBuilder screen = new StringBuilder();
    private final int master;
    private final Path device;

    PseudoTerminal(int columns, int rows) throws IOException {
        try {
            master = (int) function("posix_openpt", JAVA_INT, JAVA_INT).invoke(READ_WRITE_NO_CONTROLLING);
            MemorySegment name = arena.allocate(NAME_BYTES_MAX);
            if (master < 0 || (int) function("grantpt", JAVA_INT, JAVA_INT).invoke(master) != 0
                    || (int) function("unlockpt", JAVA_INT, JAVA_INT).invoke(master) != 0
                    || (int) function("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG)
                            .invoke(master, name, (long) NAME_BYTES_MAX) != 0) {
                throw new IOException("No pseudo terminal");
            }
            device = Path.of(name.getString(0));
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        resize(columns, rows);
    }

    /** Starts a process with this as its controlling terminal and all of its streams. */
    Process start(ProcessBuilder builder) throws IOException {
        builder.command().addAll(0, List.of("setsid", "-c"));
        builder.redirectInput(device.toFile()).redirectOutput(device.toFile()).redirectError(device.toFile());
        Process process = builder.start();
        Thread.ofPlatform().daemon().start(this::readOn);
        return process;
    }

    void resize(int columns, int rows) {
        try (Arena own = Arena.ofConfined()) {
            MemorySegment size = own.allocate(8);
            size.set(JAVA_SHORT, 0, (short) rows);
            size.set(JAVA_SHORT, 2, (short) columns);
            Linker.Option variadic = Linker.Option.firstVariadicArg(2);
            MethodHandle ioctl = Linker.nativeLinker().downcallHandle(symbol("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), variadic);
            if ((int) ioctl.invoke(master, SET_WINDOW_SIZE, size) != 0) throw new IllegalStateException("TIOCSWINSZ");
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    void type(String keys) {
        try (Arena own = Arena.ofConfined()) {
            byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
            long written = (long) write.invoke(master, own.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length);
            if (written != bytes.length) throw new IllegalStateException("Written: " + written);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the screen has shown a text. */
    void await(String text, long secondsMax) throws InterruptedException {
        synchronized (screen) {
            long end = System.nanoTime() + secondsMax * 1_000_000_000;
            while (screen.indexOf(text) < 0) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) throw new AssertionError("Not seen: " + text + "\nin: " + screen);
                screen.wait(left);
            }
        }
    }

    String screen() {
        synchronized (screen) {
            return screen.toString();
        }
    }

    /** All of the terminal's settings, as a text to be compared. */
    String settings() throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("stty", "-g").redirectInput(device.toFile()).start();
        String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (stty.waitFor() != 0) throw new IOException("stty");
        return text;
    }

    @Override public void close() {
        try {
            function("close", JAVA_INT, JAVA_INT).invoke(master);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private void readOn() {
        MemorySegment buffer = arena.allocate(4096);
        try {
            for (long length; (length = (long) read.invoke(master, buffer, 4096L)) > 0; ) {
                byte[] bytes = buffer.asSlice(0, length).toArray(JAVA_BYTE);
                synchronized (screen) {
                    screen.append(new String(bytes, StandardCharsets.ISO_8859_1));
                    screen.notifyAll();
                }
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(symbol(name), FunctionDescriptor.of(result, arguments));
    }

    private static MemorySegment symbol(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).orElseThrow();
    }
}

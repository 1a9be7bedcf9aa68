package dev.sojourn.conformance.kernel;

import dev.sojourn.interfaces.ExitTrace;
import dev.sojourn.machine.EngineKind;
import dev.sojourn.migration.Journal;
import dev.sojourn.migration.Limits;
import dev.sojourn.migration.Outcome;
import dev.sojourn.migration.Progress;
import dev.sojourn.migration.Receiver;
import dev.sojourn.migration.Sender;
import dev.sojourn.migration.Wire;
import dev.sojourn.sandbox.ArrivingSandbox;
import dev.sojourn.sandbox.DepartingSandbox;
import dev.sojourn.sandbox.HostStreams;
import dev.sojourn.sandbox.Result;
import dev.sojourn.sandbox.Revival;
import dev.sojourn.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Two hosts on this computer, and a sandbox that moves between them by sockets; its output is collected wherever it runs. */
final class TwoHosts implements AutoCloseable {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), Long.MAX_VALUE, Duration.ofMinutes(3));

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch spoke = new CountDownLatch(1);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream() {
        @Override public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            spoke.countDown();
        }
    };
    private final EngineKind engine;
    private final Path folder;
    private final List<Thread> lives = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private volatile Sandbox sandbox;
    private int moves;

    /** @param engine on which it goes on when it moved */
    TwoHosts(Path folder, EngineKind engine) throws IOException {
        this.engine = engine;
        this.folder = folder;
        Receiver receiver = new Receiver(offer -> new ArrivingSandbox(offer, new Revival(engine), streams(), ExitTrace.NONE, this::start, () -> {}),
                new Journal(folder.resolve("target")));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = door.accept();
                    Thread.ofVirtual().start(() -> serve(receiver, socket));
                }
            } catch (IOException _) {
                // Closed.
            }
        });
    }

    private static void serve(Receiver receiver, Socket socket) {
        try {
            receiver.serve(wire(socket));
        } catch (IOException _) {
            // The source hears of it.
        }
    }

    private static Wire wire(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new Wire(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    HostStreams streams() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        return new HostStreams(InputStream.nullInputStream(), output, nowhere, nowhere);
    }

    void start(Sandbox made) {
        sandbox = made;
        lives.add(Thread.ofPlatform().start(() -> {
            Result end = made.run();
            if (!(end instanceof Result.Moved)) {
                result.complete(end);
            }
            made.close();
        }));
    }

    /** Whether none goes on, at whichever host it was. */
    boolean allEnd() throws InterruptedException {
        boolean all = true;
        for (Thread life : lives) {
            all &= life.join(Duration.ofMinutes(1));
        }
        return all;
    }

    Outcome move() throws IOException {
        Sender sender = new Sender(new DepartingSandbox(sandbox, "guest", "test", ""), String.format("%032x", ++moves), "target",
                () -> wire(new Socket(door.getInetAddress(), door.getLocalPort())), new Journal(folder.resolve("source")), LIMITS,
                Progress.NONE);
        Outcome outcome = sender.run();
        sender.settle();
        return outcome;
    }

    /** Waits for the guest to say something. */
    void awaitOutput() throws InterruptedException { spoke.await(); }

    Result result() throws InterruptedException, ExecutionException { return result.get(); }

    String output() { return output.toString(StandardCharsets.UTF_8); }

    @Override public void close() throws IOException { door.close(); }
}

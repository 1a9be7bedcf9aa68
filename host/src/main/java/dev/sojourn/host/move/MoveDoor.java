package dev.sojourn.host.move;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.migration.Receiver;
import dev.sojourn.migration.Wire;
import dev.sojourn.sandbox.IoReasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Where guests arrive: TLS at the loopback address, for whoever shows the same key. */
final class MoveDoor implements AutoCloseable {
    /** Sources that talk at a time. */
    private static final int CONNECTIONS_MAX = 32;

    private static final int BACKLOG = 16;

    /** A source that is silent for so long is taken for gone; it asks again if it is not. */
    static final int SILENCE_MILLIS = 30_000;

    private final SSLServerSocket socket;
    private final Semaphore room = new Semaphore(CONNECTIONS_MAX);

    MoveDoor(SSLContext key, Receiver receiver) throws HostError {
        try {
            socket = (SSLServerSocket) key.getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            socket.setNeedClientAuth(true);
        } catch (IOException e) {
            throw new HostError(Code.HOST_FAILED, "The host cannot listen for guests that arrive: " + IoReasons.of(e) + ".");
        }
        Thread.ofVirtual().name("arrivals").start(() -> accept(receiver));
    }

    int port() { return socket.getLocalPort(); }

    /** Connects to another host's door. */
    static Wire connect(SSLContext key, InetSocketAddress door) throws IOException {
        SSLSocket socket = (SSLSocket) key.getSocketFactory().createSocket();
        boolean good = false;
        try {
            socket.connect(door, SILENCE_MILLIS);
            Wire wire = wire(socket);
            socket.startHandshake();
            good = true;
            return wire;
        } finally {
            if (!good) {
                socket.close();
            }
        }
    }

    @Override public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // Nobody can come in any more either way.
        }
    }

    private static Wire wire(SSLSocket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        return new Wire(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    private void accept(Receiver receiver) {
        while (!socket.isClosed()) {
            try {
                SSLSocket guest = (SSLSocket) socket.accept();
                if (room.tryAcquire()) {
                    Thread.ofPlatform().daemon().name("arrival").start(() -> serve(receiver, guest));
                } else {
                    guest.close();
                }
            } catch (IOException _) {
                // Closed, or a connection that did not come about.
            }
        }
    }

    private void serve(Receiver receiver, SSLSocket guest) {
        try (guest) {
            receiver.serve(wire(guest));
        } catch (IOException _) {
            // It asks again if it wants to know.
        } finally {
            room.release();
        }
    }
}

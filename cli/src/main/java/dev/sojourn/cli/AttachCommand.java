package dev.sojourn.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.SandboxName;
import dev.sojourn.sandbox.SandboxError;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Carries out {@code sojourn attach}: joins this process's streams to a sandbox's. */
final class AttachCommand {
    /** Pieces of output shown at first, so that one sees where one is; not on a terminal, which would answer old questions in them. */
    private static final int TAIL = 50;

    private static final int CHUNK_BYTES = 1 << 14;

    private final HostClient host;
    private final SandboxName name;
    private final Signals signals;
    private final CompletableFuture<Optional<JsonObject>> end = new CompletableFuture<>();

    AttachCommand(HostClient host, SandboxName name, Signals signals) {
        this.host = host;
        this.name = name;
        this.signals = signals;
    }

    int status() throws HostError, InterruptedException {
        JsonObject creation = host.get("/v1/sandboxes/" + name).getAsJsonObject("creation");
        boolean wanted = creation.get("terminal").getAsBoolean() && HostTerminal.isTerminal(0) && HostTerminal.isTerminal(1);
        try (HostTerminal terminal = wanted ? new HostTerminal() : null) {
            if (terminal != null) signals.beforeHalt(terminal::close);
            WebSocket socket = host.attach(name.text(), terminal == null ? TAIL : 0, new Listener());
            if (terminal != null) {
                terminal.watchSize((columns, rows) -> socket.sendText("{\"resize\":{\"columns\":" + columns + ",\"rows\":" + rows + "}}",
                        true));
            }
            InputStream keys = new FileInputStream(FileDescriptor.in);
            InputStream input = terminal == null ? keys : new EscapeKey(keys, () -> end.complete(Optional.empty()));
            Thread.ofPlatform().daemon().name("sojourn-attach").start(() -> pump(input, socket));
            Optional<JsonObject> sandbox = end.join();
            return sandbox.isEmpty() ? ExitStatus.OK : HostVerbs.ended(sandbox.get());
        } catch (SandboxError e) {
            throw new HostError(Code.HOST_FAILED, e.getMessage());
        } catch (CompletionException _) {
            throw new HostError(Code.HOST_FAILED, "The host has gone.");
        }
    }

    private static void pump(InputStream input, WebSocket socket) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int taken = input.read(chunk); taken >= 0; taken = input.read(chunk)) {
                socket.sendBinary(ByteBuffer.wrap(Arrays.copyOf(chunk, taken)), true).join();
            }
            socket.sendText("{\"end\":true}", true).join();
        } catch (IOException | CompletionException _) {
            // Nobody listens any more; the end tells why.
        }
    }

    /** Takes what the sandbox writes. */
    private final class Listener implements WebSocket.Listener {
        private final OutputStream output = new FileOutputStream(FileDescriptor.out);
        private final OutputStream error = new FileOutputStream(FileDescriptor.err);
        private final StringBuilder text = new StringBuilder();
        private boolean midway;
        private OutputStream target = output;

        @Override public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            if (!midway && data.hasRemaining()) target = data.get() == 1 ? output : error;
            midway = !last;
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            try {
                target.write(bytes);
            } catch (IOException _) {
                end.complete(Optional.empty());
            }
            socket.request(1);
            return null;
        }

        @Override public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
                text.setLength(0);
                if (message.has("ended")) end.complete(Optional.of(message.getAsJsonObject("ended")));
            }
            socket.request(1);
            return null;
        }

        @Override public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            end.completeExceptionally(new IOException("closed"));
            return null;
        }

        @Override public void onError(WebSocket socket, Throwable cause) { end.completeExceptionally(cause); }
    }
}

package dev.sojourn.host.http;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError;
import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.OutputReader;
import dev.sojourn.host.box.OutputReader.Next;
import dev.sojourn.host.box.OutputReader.Pause;
import dev.sojourn.host.command.Fields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * One who is attached to a sandbox's input and output.
 *
 * <p>Binary messages to the host are bytes for the sandbox's input; from the host, bytes it has written, behind one byte that names
 * the stream: 1 output, 2 error, 3 kernel. Text messages are JSON: to the host {@code {"resize": {"columns": C, "rows": R}}} or
 * {@code {"end": true}} for the end of input; from the host {@code {"live": true}} when what was there before has been sent, and
 * {@code {"ended": SANDBOX}}, its last. What is written is read from the sandbox's log, so that a slow reader holds up nobody.
 * Public, because the server calls it by reflection.
 */
public final class AttachSocket implements Session.Listener.AutoDemanding {
    private static final long QUIET_MILLIS = 15_000;
    private static final int SIDE_MAX = 10_000;

    private final HostedSandbox sandbox;
    private final int tail;
    private final AtomicInteger open;
    private Session session;

    AttachSocket(HostedSandbox sandbox, int tail, AtomicInteger open) {
        this.sandbox = sandbox;
        this.tail = tail;
        this.open = open;
    }

    @Override public void onWebSocketOpen(Session session) {
        this.session = session;
        open.incrementAndGet();
        Thread.ofVirtual().name("attach-" + sandbox.name()).start(this::send);
    }

    @Override public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        try {
            sandbox.send(bytes);
            callback.succeed();
        } catch (InterruptedException e) {
            callback.fail(e);
        }
    }

    @Override public void onWebSocketText(String message) {
        try {
            Fields fields = Fields.parse(message);
            Fields size = new Fields(fields.object("resize"));
            Optional<Long> columns = size.whole("columns", 1, SIDE_MAX);
            Optional<Long> rows = size.whole("rows", 1, SIDE_MAX);
            size.end();
            boolean end = fields.flag("end");
            fields.end();
            if (columns.isPresent() && rows.isPresent()) sandbox.resize(columns.get().intValue(), rows.get().intValue());
            if (end) sandbox.endInput();
        } catch (HostError e) {
            session.close(1007, e.getMessage(), Callback.NOOP);
        }
    }

    @Override public void onWebSocketClose(int status, String reason, Callback callback) {
        open.decrementAndGet();
        callback.succeed();
    }

    @Override public void onWebSocketError(Throwable cause) {
        // Who went without a word has gone all the same.
    }

    private void send() {
        try (OutputReader reader = sandbox.output()) {
            reader.skipToTail(tail);
            for (int i = 0; i < tail && session.isOpen(); i++) {
                Optional<String> line = reader.next();
                if (line.isEmpty()) break;
                send(line.get());
            }
            JsonObject live = new JsonObject();
            live.addProperty("live", true);
            sendText(live);
            while (session.isOpen()) {
                Next next = reader.await(QUIET_MILLIS);
                if (next.line().isPresent()) {
                    send(next.line().get());
                } else if (next.pause() == Pause.END) {
                    // The verdict follows the last of the output closely.
                    sandbox.await(java.time.Duration.ofMillis(QUIET_MILLIS));
                    JsonObject last = new JsonObject();
                    last.add("ended", sandbox.toJson());
                    sendText(last);
                    session.close(1000, "ended", Callback.NOOP);
                } else {
                    Callback.Completable.with(sent -> session.sendPing(ByteBuffer.allocate(0), sent)).join();
                }
            }
        } catch (IOException | InterruptedException | CompletionException _) {
            session.disconnect();
        }
    }

    private void sendText(JsonObject message) {
        Callback.Completable.with(sent -> session.sendText(message.toString(), sent)).join();
    }

    private void send(String text) {
        JsonObject line = JsonParser.parseString(text).getAsJsonObject();
        byte[] bytes = line.has("text") ? line.get("text").getAsString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(line.get("base64").getAsString());
        ByteBuffer message = ByteBuffer.allocate(1 + bytes.length);
        message.put((byte) switch (line.get("stream").getAsString()) {
            case "output" -> 1;
            case "error" -> 2;
            default -> 3;
        });
        message.put(bytes).flip();
        Callback.Completable.with(sent -> session.sendBinary(message, sent)).join();
    }
}

package dev.sojourn.host.client;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.StateFolder;
import dev.sojourn.host.StateFolder.Address;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Talks to a host. Every refusal is the {@link HostError} the host had, with its code and its sentence. */
public final class HostClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 20;

    private final Address address;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY).build();

    public HostClient(Address address) { this.address = address; }

    /** The host of a folder, if there is one; waits for one that is about to start. */
    public static Optional<HostClient> of(StateFolder folder, Duration patience) throws HostError, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (folder.isHosted()) {
            Optional<Address> address = folder.address();
            // One that was killed leaves its address, which the next replaces only when it listens.
            boolean isOfThisHost = address.isPresent() && ProcessHandle.of(address.get().pid()).isPresent();
            if (isOfThisHost) return Optional.of(new HostClient(address.get()));
            if (System.nanoTime() > end) {
                throw new HostError(Code.HOST_FAILED, "The host of " + folder.path() + " does not answer; its log is " + folder.log()
                        + ".");
            }
            Thread.sleep(POLL_MILLIS);
        }
        return Optional.empty();
    }

    /** Where the web console is; the address holds the token, behind the mark that browsers keep to themselves. */
    public URI console() { return URI.create("http://127.0.0.1:" + address.port() + "/#" + address.token()); }

    public Address address() { return address; }

    /** Has a command carried out, and gives the sandbox it was about, or the list of those it made. */
    public JsonObject carryOut(HostCommand command) throws HostError, InterruptedException {
        return switch (command) {
            case HostCommand.Create(var name, var creation) -> {
                JsonObject body = CreationJson.write(creation);
                name.ifPresent(text -> body.addProperty("name", text.text()));
                yield call("POST", "/v1/sandboxes", Optional.of(body));
            }
            case HostCommand.Stop(var name, var timeout) -> {
                JsonObject body = new JsonObject();
                body.addProperty("timeoutMillis", timeout.toMillis());
                yield call("POST", "/v1/sandboxes/" + name + "/stop", Optional.of(body));
            }
            case HostCommand.Pause(var name) -> call("POST", "/v1/sandboxes/" + name + "/pause", Optional.empty());
            case HostCommand.Resume(var name) -> call("POST", "/v1/sandboxes/" + name + "/resume", Optional.empty());
            case HostCommand.Snapshot(var name, var file) -> {
                JsonObject body = new JsonObject();
                body.addProperty("file", file.toString());
                yield call("POST", "/v1/sandboxes/" + name + "/snapshot", Optional.of(body));
            }
            case HostCommand.Restore(var file, var name, var engine, var timeLimit) -> {
                JsonObject body = new JsonObject();
                body.addProperty("file", file.toString());
                name.ifPresent(text -> body.addProperty("name", text.text()));
                body.addProperty("engine", engine.name().toLowerCase(Locale.ROOT));
                timeLimit.ifPresent(limit -> body.addProperty("timeLimitMillis", limit.toMillis()));
                yield call("POST", "/v1/restore", Optional.of(body));
            }
            case HostCommand.Clone(var name, int count) -> {
                JsonObject body = new JsonObject();
                body.addProperty("count", count);
                yield call("POST", "/v1/sandboxes/" + name + "/clone", Optional.of(body));
            }
            case HostCommand.Migrate(var name, var target, var downtime, var bytesPerSecond) -> {
                JsonObject body = new JsonObject();
                body.addProperty("target", target);
                body.addProperty("maxDowntimeMillis", downtime.toMillis());
                bytesPerSecond.ifPresent(limit -> body.addProperty("bytesPerSecond", limit));
                yield call("POST", "/v1/sandboxes/" + name + "/migration", Optional.of(body));
            }
            case HostCommand.Remove(var name, boolean force) ->
                    call("DELETE", "/v1/sandboxes/" + name + (force ? "?force=true" : ""), Optional.empty());
        };
    }

    public JsonObject get(String path) throws HostError, InterruptedException { return call("GET", path, Optional.empty()); }

    /** Lets a sandbox go on that its target started before it was killed. */
    public JsonObject takeBack(SandboxName name) throws HostError, InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("takeBack", true);
        return call("POST", "/v1/sandboxes/" + name + "/migration", Optional.of(body));
    }

    /** Keeps a sandbox where it is, if it is not too late. */
    public JsonObject cancelMove(SandboxName name) throws HostError, InterruptedException {
        return call("DELETE", "/v1/sandboxes/" + name + "/migration", Optional.empty());
    }

    /** Has the host end. */
    public void end(boolean force) throws HostError, InterruptedException {
        call("POST", "/v1/host/stop" + (force ? "?force=true" : ""), Optional.empty());
    }

    /** An answer that goes on; whoever takes it closes it. */
    public Stream<String> lines(String path) throws HostError, InterruptedException {
        HttpResponse<InputStream> response = send(request(path).GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw refusal(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw gone(e);
            }
        }
        java.io.BufferedReader reader = new java.io.BufferedReader(new java.io.InputStreamReader(response.body(), StandardCharsets.UTF_8));
        return reader.lines().onClose(() -> {
            try {
                reader.close();
            } catch (IOException _) {
                // Nobody reads any more.
            }
        });
    }

    /** A socket to a sandbox's input and output. */
    public WebSocket attach(String name, int tail, WebSocket.Listener listener) throws HostError, InterruptedException {
        get("/v1/sandboxes/" + name);
        try {
            return http.newWebSocketBuilder().header("Authorization", "Bearer " + address.token())
                    .buildAsync(URI.create("ws://127.0.0.1:" + address.port() + "/v1/sandboxes/" + name + "/attach?tail=" + tail), listener)
                    .join();
        } catch (CompletionException e) {
            throw new HostError(Code.HOST_FAILED, "The host does not let attach: " + e.getCause().getMessage() + ".");
        }
    }

    @Override public void close() { http.shutdownNow(); }

    private JsonObject call(String method, String path, Optional<JsonObject> body) throws HostError, InterruptedException {
        HttpRequest request = request(path).method(method, body.map(json -> BodyPublishers.ofString(json.toString()))
                .orElseGet(BodyPublishers::noBody)).build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) throw refusal(response.statusCode(), response.body());
        try {
            return JsonParser.parseString(response.body()).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException _) {
            throw new HostError(Code.INTERNAL, "The host's answer is not what this client understands.");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.port() + path))
                .header("Authorization", "Bearer " + address.token());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws HostError, InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private static HostError gone(IOException e) {
        return new HostError(Code.HOST_FAILED, "The host does not answer any more: " + e.getClass().getSimpleName() + ".");
    }

    private static HostError refusal(int status, String body) {
        try {
            JsonObject error = JsonParser.parseString(body).getAsJsonObject().getAsJsonObject("error");
            String code = error.get("code").getAsString();
            return new HostError(Arrays.stream(Code.values()).filter(one -> one.text().equals(code)).findFirst().orElse(Code.INTERNAL),
                    error.get("message").getAsString());
        } catch (JsonParseException | IllegalStateException | NullPointerException _) {
            return new HostError(Code.INTERNAL, "The host answered with HTTP status " + status + ".");
        }
    }
}

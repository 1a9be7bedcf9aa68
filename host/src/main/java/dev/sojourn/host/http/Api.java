package dev.sojourn.host.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.EventLog;
import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.Sandboxes;
import dev.sojourn.host.command.Creation;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Server;

/** What can be asked, by method and path; docs/control-protocol.md has the same list for people. */
public final class Api {
    private static final long WAIT_MILLIS_MAX = 30_000;

    private final Sandboxes sandboxes;
    private final EventLog events;
    private final JsonObject host;
    private final Runnable end;
    private final Metrics metrics;
    private final ConsoleFiles console = new ConsoleFiles();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong lastCall = new AtomicLong(System.nanoTime());
    private Optional<AttachDoor> attachDoor = Optional.empty();

    /**
     * @param host what there is to tell of the host itself
     * @param end has the host end, soon
     */
    public Api(Sandboxes sandboxes, EventLog events, JsonObject host, Runnable end) {
        this.sandboxes = sandboxes;
        this.events = events;
        this.host = host;
        this.end = end;
        metrics = new Metrics(sandboxes);
    }

    /** For how long nobody has asked for anything. */
    public Duration quiet() {
        return open.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastCall.get());
    }

    void joinTo(Server server) { attachDoor = Optional.of(new AttachDoor(server, open)); }

    /** Whether it may be had without the token: the console's files, which hold nothing secret. */
    boolean isPublic(Exchange exchange) {
        return exchange.path().isEmpty() || exchange.path().getFirst().equals("console");
    }

    void handle(Exchange exchange) throws HostError, IOException, InterruptedException {
        open.incrementAndGet();
        try {
            route(exchange);
        } finally {
            lastCall.set(System.nanoTime());
            open.decrementAndGet();
        }
    }

    private void route(Exchange exchange) throws HostError, IOException, InterruptedException {
        List<String> path = exchange.path();
        if (isPublic(exchange)) {
            only("GET", exchange);
            console.answer(exchange);
        } else if (path.equals(List.of("metrics"))) {
            only("GET", exchange);
            exchange.answer(200, Metrics.TYPE, metrics.text());
        } else if (!path.getFirst().equals("v1") || path.size() < 2) {
            throw noSuchPath();
        } else {
            switch (path.get(1)) {
                case "host" -> host(exchange);
                case "events" -> events(exchange);
                case "sandboxes" -> sandboxes(exchange);
                default -> throw noSuchPath();
            }
        }
    }

    private void host(Exchange exchange) throws HostError {
        if (exchange.path().size() == 2) {
            only("GET", exchange);
            JsonObject json = host.deepCopy();
            json.addProperty("sandboxesMax", sandboxes.limits().sandboxes());
            json.addProperty("memoryBytesMax", sandboxes.limits().memoryBytes());
            exchange.answer(200, json);
        } else if (exchange.path().subList(2, exchange.path().size()).equals(List.of("stop"))) {
            only("POST", exchange);
            if (sandboxes.anyLive() && !exchange.flag("force")) {
                throw new HostError(Code.WRONG_STATE, "The host has sandboxes that run; stop them first, or use force.");
            }
            exchange.answer(202, new JsonObject());
            end.run();
        } else {
            throw noSuchPath();
        }
    }

    private void events(Exchange exchange) throws HostError, IOException, InterruptedException {
        if (exchange.path().size() != 2) throw noSuchPath();
        only("GET", exchange);
        Streams.events(exchange, events);
    }

    private void sandboxes(Exchange exchange) throws HostError, IOException, InterruptedException {
        List<String> path = exchange.path();
        if (path.size() == 2) {
            switch (exchange.request().getMethod()) {
                case "GET" -> exchange.answer(200, list());
                case "POST" -> create(exchange);
                default -> throw wrongMethod("GET or POST");
            }
            return;
        }
        SandboxName name = SandboxName.of(path.get(2));
        if (path.size() == 3) {
            switch (exchange.request().getMethod()) {
                case "GET" -> exchange.answer(200, sandboxes.get(name).toJson());
                case "DELETE" -> exchange.answer(200,
                        sandboxes.carryOut(new HostCommand.Remove(name, exchange.flag("force"))).toJson());
                default -> throw wrongMethod("GET or DELETE");
            }
        } else if (path.size() == 4) {
            verb(exchange, name, path.get(3));
        } else {
            throw noSuchPath();
        }
    }

    private void verb(Exchange exchange, SandboxName name, String verb) throws HostError, IOException, InterruptedException {
        switch (verb) {
            case "stop" -> {
                only("POST", exchange);
                Fields fields = exchange.body();
                Duration timeout = fields.whole("timeoutMillis", 0, HostCommand.Stop.TIMEOUT_MAX.toMillis()).map(Duration::ofMillis)
                        .orElse(HostCommand.Stop.TIMEOUT_DEFAULT);
                fields.end();
                exchange.answer(200, sandboxes.carryOut(new HostCommand.Stop(name, timeout)).toJson());
            }
            case "wait" -> {
                only("GET", exchange);
                HostedSandbox sandbox = sandboxes.get(name);
                sandbox.await(Duration.ofMillis(exchange.number("timeoutMillis", WAIT_MILLIS_MAX).orElse(WAIT_MILLIS_MAX)));
                exchange.answer(200, sandbox.toJson());
            }
            case "log" -> {
                only("GET", exchange);
                Streams.log(exchange, sandboxes.get(name));
            }
            case "attach" -> {
                only("GET", exchange);
                attachDoor.orElseThrow().open(exchange, sandboxes.get(name));
            }
            default -> throw noSuchPath();
        }
    }

    private JsonObject list() {
        JsonArray array = new JsonArray();
        sandboxes.all().forEach(sandbox -> array.add(sandbox.toJson()));
        JsonObject json = new JsonObject();
        json.add("sandboxes", array);
        return json;
    }

    private void create(Exchange exchange) throws HostError, IOException, InterruptedException {
        Fields fields = exchange.body();
        Optional<String> name = fields.text("name");
        Creation creation = CreationJson.read(fields);
        fields.end();
        HostCommand command = new HostCommand.Create(name.isEmpty() ? Optional.empty() : Optional.of(SandboxName.of(name.get())),
                creation);
        exchange.answer(201, sandboxes.carryOut(command).toJson());
    }

    private static void only(String method, Exchange exchange) throws HostError {
        if (!exchange.request().getMethod().equals(method)) throw wrongMethod(method);
    }

    private static HostError wrongMethod(String right) { return new HostError(Code.WRONG_METHOD, "This path takes " + right + "."); }

    private static HostError noSuchPath() { return new HostError(Code.NO_SUCH_PATH, "There is no such path."); }
}

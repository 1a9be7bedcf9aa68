package dev.sojourn.host.console;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A page in a Chromium without a window, spoken to by its debugging protocol. */
public final class Browser implements AutoCloseable {
    private static final String ANNOUNCED = "DevTools listening on ";

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();

    /** The program, if this computer has it. */
    public static Optional<Path> program() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").map(Path::of)
                .filter(Files::isExecutable).findFirst();
    }

    /** @param profile a folder of its own */
    public Browser(Path program, Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(program.toString(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-extensions", "--window-size=1400,1000", "--user-data-dir=" + profile,
                "--remote-debugging-port=0", "about:blank").redirectErrorStream(true).start();
        BufferedReader said = process.inputReader();
        String line = said.readLine();
        while (line != null && !line.startsWith(ANNOUNCED)) line = said.readLine();
        if (line == null) throw new IOException("The browser did not start");
        Thread.ofVirtual().start(() -> drain(said));
        URI browser = URI.create(line.substring(ANNOUNCED.length()));
        String pages = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + browser.getPort() + "/json/list")).build(),
                BodyHandlers.ofString()).body();
        String page = JsonParser.parseString(pages).getAsJsonArray().asList().stream().map(JsonElement::getAsJsonObject)
                .filter(target -> target.get("type").getAsString().equals("page")).findFirst().orElseThrow()
                .get("webSocketDebuggerUrl").getAsString();
        socket = http.newWebSocketBuilder().buildAsync(URI.create(page), new Answers()).join();
    }

    public void open(URI address) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("url", address.toString());
        call("Page.navigate", parameters);
    }

    /** What an expression comes to in the page. */
    public JsonElement evaluate(String expression) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("expression", expression);
        parameters.addProperty("awaitPromise", true);
        parameters.addProperty("returnByValue", true);
        JsonObject result = call("Runtime.evaluate", parameters);
        if (result.has("exceptionDetails")) throw new AssertionError(result.get("exceptionDetails").toString());
        JsonObject value = result.getAsJsonObject("result");
        return value.has("value") ? value.get("value") : com.google.gson.JsonNull.INSTANCE;
    }

    /** Waits until an expression is true in the page. */
    public void await(String expression) {
        evaluate("new Promise(done => { const look = () => { try { if (" + expression
                + ") { done(true); return; } } catch (_) {} setTimeout(look, 20); }; look(); })");
    }

    /** Types into what has the focus. */
    public void type(String text) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("text", text);
        call("Input.insertText", parameters);
    }

    /** The page as a PNG. */
    public byte[] screenshot() {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("format", "png");
        return java.util.Base64.getDecoder().decode(call("Page.captureScreenshot", parameters).get("data").getAsString());
    }

    @Override public void close() {
        process.destroy();
        process.onExit().join();
        http.shutdownNow();
    }

    /** So that it never waits for a reader. */
    private static void drain(BufferedReader said) {
        try {
            while (said.readLine() != null) { }
        } catch (IOException _) {
            // It has ended.
        }
    }

    private JsonObject call(String method, JsonObject parameters) {
        int id = calls.incrementAndGet();
        JsonObject message = new JsonObject();
        message.addProperty("id", id);
        message.addProperty("method", method);
        message.add("params", parameters);
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        return answer.join();
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = JsonParser.parseString(text.toString()).getAsJsonObject();
                text.setLength(0);
                if (message.has("id")) {
                    CompletableFuture<JsonObject> answer = answers.remove(message.get("id").getAsInt());
                    if (message.has("error")) {
                        answer.completeExceptionally(new AssertionError(message.get("error").toString()));
                    } else {
                        answer.complete(message.getAsJsonObject("result"));
                    }
                }
            }
            socket.request(1);
            return null;
        }
    }
}

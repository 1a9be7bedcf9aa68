package dev.sojourn.host.move;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.sojourn.host.HostError;
import dev.sojourn.host.command.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks another host where guests arrive there. */
final class OtherHost {
    private static final int PORT_MAX = 0xffff;
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private OtherHost() {}

    /** @throws IOException with a sentence's beginning if no host is there */
    static int movePort(String target) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).proxy(HttpClient.Builder.NO_PROXY).build()) {
            HttpResponse<InputStream> response = client.send(HttpRequest.newBuilder(URI.create("http://" + target + "/v1/door"))
                    .timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                String text = new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
                if (response.statusCode() != 200) throw none(target);
                return new Fields(JsonParser.parseString(text).getAsJsonObject()).whole("port", 1, PORT_MAX).orElseThrow(() -> none(target)).intValue();
            }
        } catch (JsonParseException | IllegalStateException | HostError _) {
            throw none(target);
        } catch (java.net.ConnectException e) {
            throw new IOException("no host listens at " + target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the host is about to end", e);
        }
    }

    private static IOException none(String target) { return new IOException("what listens at " + target + " is no Sojourn host that takes guests"); }
}

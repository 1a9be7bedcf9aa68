package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The web console's files: a fixed list, from the jar. They hold nothing secret; the page finds the token behind the mark of its own
 * address, which browsers send to nobody, and keeps it for its tab.
 */
final class ConsoleFiles {
    private static final String PAGE = "index.html";

    private static final Map<String, String> TYPES = Map.of(PAGE, "text/html; charset=utf-8", "console.js", "text/javascript",
            "console.css", "text/css", "xterm.js", "text/javascript", "xterm.css", "text/css", "addon-fit.js", "text/javascript");

    /** Only what is in the jar runs or is shown. The terminal sets styles of its own. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    void answer(Exchange exchange) throws HostError {
        List<String> path = exchange.path();
        String name = path.isEmpty() ? PAGE : path.size() == 2 ? path.get(1) : "";
        String type = TYPES.get(name);
        if (type == null) throw new HostError(Code.NO_SUCH_PATH, "There is no such path.");
        exchange.response().getHeaders().put("Content-Security-Policy", POLICY);
        exchange.response().getHeaders().put("Referrer-Policy", "no-referrer");
        exchange.answer(200, type, resource(name));
    }

    private static byte[] resource(String name) {
        try (InputStream stream = ConsoleFiles.class.getResourceAsStream("/dev/sojourn/host/console/" + name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

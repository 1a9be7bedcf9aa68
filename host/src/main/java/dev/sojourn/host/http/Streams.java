package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.box.EventLog;
import dev.sojourn.host.box.HostedSandbox;
import dev.sojourn.host.box.OutputReader;
import dev.sojourn.host.box.OutputReader.Next;
import dev.sojourn.host.box.OutputReader.Pause;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;

/** Answers that go on for as long as somebody reads them. */
final class Streams {
    /** Often enough to notice who has gone, and shorter than a connection may be idle. */
    private static final long QUIET_MILLIS = 15_000;

    private static final long TAIL_MAX = 100_000;

    private Streams() {}

    /** The output as lines of JSON: {@code ?tail=N} for the last ones only, {@code ?follow=true} to go on until the end. */
    static void log(Exchange exchange, HostedSandbox sandbox) throws HostError, IOException, InterruptedException {
        Optional<Long> tail = exchange.number("tail", TAIL_MAX);
        boolean follow = exchange.flag("follow");
        try (OutputReader reader = sandbox.output()) {
            if (tail.isPresent()) reader.skipToTail(tail.get().intValue());
            try (OutputStream stream = exchange.stream("application/x-ndjson")) {
                for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) write(stream, line.get() + "\n");
                stream.flush();
                while (follow) {
                    Next next = reader.await(QUIET_MILLIS);
                    if (next.line().isEmpty() && next.pause() == Pause.END) break;
                    write(stream, next.line().orElse("") + "\n");
                    stream.flush();
                }
            }
        }
        exchange.callback().succeeded();
    }

    /** Server-sent events, from now on or after the one in {@code Last-Event-ID} or {@code ?after=N}. */
    static void events(Exchange exchange, EventLog events) throws HostError, IOException, InterruptedException {
        Optional<Long> named = exchange.request().getHeaders().getField("Last-Event-ID") == null ? exchange.number("after", 1L << 50)
                : Optional.of(exchange.request().getHeaders().get("Last-Event-ID")).filter(id -> id.matches("[0-9]{1,15}"))
                        .map(Long::parseLong);
        long last = named.orElse(events.last());
        exchange.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        try (OutputStream stream = exchange.stream("text/event-stream")) {
            write(stream, ":\n\n");
            stream.flush();
            while (true) {
                for (EventLog.Event event : events.after(last, QUIET_MILLIS)) {
                    last = event.number();
                    write(stream, "id: " + event.number() + "\nevent: " + event.name() + "\ndata: " + event.json() + "\n\n");
                }
                write(stream, ":\n\n");
                stream.flush();
            }
        }
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

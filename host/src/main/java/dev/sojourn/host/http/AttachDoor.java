package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import dev.sojourn.host.box.HostedSandbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Turns requests to attach into sockets. */
final class AttachDoor {
    static final String PROTOCOL = "sojourn.attach.v1";

    private static final int MESSAGE_BYTES_MAX = 1 << 16;
    private static final int FRAMES_MAX = 64;

    private final ServerWebSocketContainer container;
    private final AtomicInteger open;

    /** @param open counts the sockets that are open */
    AttachDoor(Server server, AtomicInteger open) {
        this.open = open;
        container = ServerWebSocketContainer.ensure(server);
        container.setMaxBinaryMessageSize(MESSAGE_BYTES_MAX);
        container.setMaxTextMessageSize(MESSAGE_BYTES_MAX);
        container.setMaxFrameSize(MESSAGE_BYTES_MAX);
        container.setMaxOutgoingFrames(FRAMES_MAX);
        container.setIdleTimeout(Duration.ZERO);
    }

    void open(Exchange exchange, HostedSandbox sandbox) throws HostError {
        int tail = exchange.number("tail", 100_000).orElse(0L).intValue();
        boolean upgraded = container.upgrade((request, response, _) -> {
            List<String> offered = request.getSubProtocols();
            if (offered.contains(PROTOCOL)) response.setAcceptedSubProtocol(PROTOCOL);
            return new AttachSocket(sandbox, tail, open);
        }, exchange.request(), exchange.response(), exchange.callback());
        if (!upgraded) throw new HostError(Code.BAD_REQUEST, "This path is for WebSockets; ask for an upgrade.");
    }
}

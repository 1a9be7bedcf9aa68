package dev.sojourn.host.http;

import dev.sojourn.host.HostError;
import dev.sojourn.host.HostError.Code;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server: bounded, at the loopback address only; what gets past the {@link Gate} goes to the {@link Api}. */
public final class HttpFace implements AutoCloseable {
    /** Far more than one user's clients open. */
    private static final int CONNECTIONS_MAX = 256;

    private static final int HEADER_BYTES_MAX = 16 << 10;
    private static final long IDLE_MILLIS = 60_000;
    private static final int THREADS_MAX = 16;

    private final Server server;
    private final ServerConnector connector;
    private final Api api;

    /**
     * @param address at the loopback; port 0 for any that is free
     * @param anyPort whether another port will do if that one is taken
     */
    public HttpFace(InetSocketAddress address, boolean anyPort, String token, Api api) throws HostError {
        this.api = api;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 2);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
        configuration.setUriCompliance(UriCompliance.DEFAULT);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        server.setErrorHandler(new Refusals());
        open(address, anyPort);
        server.setHandler(new Door(new Gate(connector.getLocalPort(), token)));
        api.joinTo(server);
        start();
    }

    public int port() { return connector.getLocalPort(); }

    @Override public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("The server does not stop", e);
        }
    }

    private void open(InetSocketAddress address, boolean anyPort) throws HostError {
        try {
            connector.open();
        } catch (IOException e) {
            if (anyPort && address.getPort() != 0) {
                connector.setPort(0);
                open(new InetSocketAddress(address.getAddress(), 0), false);
                return;
            }
            throw new HostError(Code.HOST_FAILED, "The host cannot listen on " + connector.getHost() + ":" + address.getPort()
                    + ": " + (e.getCause() == null ? e : e.getCause()).getMessage() + "; choose another port with --listen.");
        }
    }

    private void start() throws HostError {
        try {
            server.start();
        } catch (Exception e) {
            throw new HostError(Code.HOST_FAILED, "The server cannot be started: " + e.getMessage() + ".");
        }
    }

    /** Lets in, and turns every way to fail into an answer. */
    private final class Door extends Handler.Abstract {
        private final Gate gate;

        Door(Gate gate) { this.gate = gate; }

        @Override public boolean handle(Request request, Response response, Callback callback) throws IOException {
            List<String> path = Arrays.stream(Request.getPathInContext(request).split("/")).filter(part -> !part.isEmpty()).toList();
            Exchange exchange = new Exchange(request, response, callback, path);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.getHeaders().put("X-Content-Type-Options", "nosniff");
            try {
                gate.checkHost(exchange.header(HttpHeader.HOST), exchange.header(HttpHeader.ORIGIN));
                if (!api.isPublic(exchange)) gate.checkToken(exchange.header(HttpHeader.AUTHORIZATION), subprotocols(exchange));
                api.handle(exchange);
            } catch (HostError e) {
                exchange.refuse(e);
            } catch (InterruptedException _) {
                exchange.refuse(new HostError(Code.HOST_FAILED, "The host is about to end."));
            }
            return true;
        }

        private static List<String> subprotocols(Exchange exchange) {
            return exchange.header(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL).stream().flatMap(text -> Stream.of(text.split(",")))
                    .map(String::strip).toList();
        }
    }

    /** What the server itself refuses looks like every other refusal. */
    private static final class Refusals extends ErrorHandler {
        @Override public boolean handle(Request request, Response response, Callback callback) {
            boolean ours = response.getStatus() == 500 && !(request.getAttribute(ERROR_EXCEPTION) instanceof HttpException);
            if (ours && request.getAttribute(ERROR_EXCEPTION) instanceof Throwable bug) {
                System.err.println("sojourn: An error in Sojourn itself, in an answer to " + request.getMethod() + ":");
                bug.printStackTrace();
            }
            HostError error = ours ? new HostError(Code.INTERNAL, "An error in Sojourn itself; the host's log has it.")
                    : new HostError(Code.BAD_REQUEST, "The request is not HTTP as it should be.");
            byte[] bytes = (Exchange.errorJson(error) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, java.nio.ByteBuffer.wrap(bytes), callback);
            return true;
        }
    }
}

/** The daemon that holds sandboxes, its control protocol, and the client of it. */
module dev.sojourn.host {
    requires transitive dev.sojourn.sandbox;
    requires transitive com.google.gson;
    requires java.management;
    requires java.net.http;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.websocket.server;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.model;
    exports dev.sojourn.host;
    exports dev.sojourn.host.client;
    exports dev.sojourn.host.command;
    exports dev.sojourn.host.move;
    exports dev.sojourn.host.http to org.eclipse.jetty.websocket.common;
}

/** The command line. */
module dev.sojourn.cli {
    requires dev.sojourn.host;
    requires dev.sojourn.probe;
    requires java.management;
    requires jdk.management;
    requires java.logging;
    requires java.net.http;
    requires info.picocli;
    requires com.google.gson;
    requires org.jline.terminal;
    requires jdk.unsupported;
}

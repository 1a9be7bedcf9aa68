/** The command line. */
module dev.sojourn.cli {
    requires dev.sojourn.probe;
    requires dev.sojourn.sandbox;
    requires info.picocli;
    requires com.google.gson;
    requires org.jline.terminal;
    requires jdk.unsupported;
}

package dev.sojourn.sandbox;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where the host's side of a sandbox ends.
 *
 * @param input what the command reads; read ahead by a bounded amount on a thread of its own
 * @param output what the command, or the console of an image, writes
 * @param error what the command writes as its standard error
 * @param kernelLog the guest kernel's messages as they come; {@link OutputStream#nullOutputStream()} to leave them out
 */
public record HostStreams(InputStream input, OutputStream output, OutputStream error, OutputStream kernelLog) {}

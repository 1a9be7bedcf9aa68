package dev.sojourn.interfaces;

import dev.sojourn.device.ByteSink;
import dev.sojourn.device.ByteSource;

/**
 * A channel between the guest and the host's side, for interfaces whose guests find no chips to carry it.
 *
 * @param name by which both sides know it
 */
public record HostPort(String name, ByteSink output, ByteSource input) {}

package dev.sojourn.boot.initramfs;

import java.nio.file.Path;

/**
 * Names of host files as strings of bytes.
 *
 * <p>On Unix a name is bytes, and what a {@link Path} shows as text depends on the locale and may have lost some. The
 * URI of a path keeps every byte, escaped by percent signs, so names are taken from there: the guest sees the same
 * name whatever the locale of the host.
 */
final class HostName {
    private HostName() {}

    /** The last part of a path. */
    static String of(Path path) {
        String raw = withoutSlash(path.toUri().getRawPath());
        return unescape(raw.substring(raw.lastIndexOf('/') + 1));
    }

    /** All of a symbolic link's target, as it stands there. */
    static String ofTarget(Path target) {
        boolean endsInSlash = target.toString().endsWith("/");
        String raw = target.toUri().getRawPath();
        String absolute = endsInSlash ? raw : withoutSlash(raw);
        if (target.isAbsolute()) {
            return unescape(absolute.isEmpty() ? "/" : absolute);
        }
        String here = Path.of("").toUri().getRawPath();
        return unescape(absolute.startsWith(here) ? absolute.substring(here.length()) : ".");
    }

    private static String withoutSlash(String raw) {
        return raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    }

    private static String unescape(String raw) {
        StringBuilder bytes = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(raw, i + 1, i + 3, 16);
                i += 2;
            }
            bytes.append(c);
        }
        return bytes.toString();
    }
}

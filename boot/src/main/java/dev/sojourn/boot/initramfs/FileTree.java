package dev.sojourn.boot.initramfs;

import dev.sojourn.boot.image.BadImage;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The guest's files by path: what is added later replaces what was there.
 *
 * <p>Paths are strings of bytes without a slash at either end; the root is "". A path that leads through a symbolic
 * link is followed inside the tree, as the guest's kernel would, because an archive lists names in an order in which
 * the link's target may not exist yet. Directories on the way to a path are made where they are missing.
 */
final class FileTree {
    /** As many as Linux follows on one path. */
    private static final int LINKS_MAX = 40;

    /** The longest path that Linux takes, less the zero at its end. */
    private static final int PATH_BYTES_MAX = 4095;
    private static final int NAME_BYTES_MAX = 255;

    /** Bounds what a hostile archive can make us hold; a large distribution has a tenth of it. */
    private static final int FILES_MAX = 2_000_000;

    private static final Node.Directory DEFAULT_DIRECTORY = new Node.Directory(Node.DIRECTORY | 0755, 0, 0);

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    SortedMap<String, Node> nodes() { return nodes; }

    Node get(String path) throws BadImage { return nodes.get(resolveParent(clean(path), false)); }

    void put(String path, Node node) throws BadImage {
        String cleaned = clean(path);
        if (cleaned.isEmpty()) {
            if (!(node instanceof Node.Directory)) {
                throw new BadImage("The root of a file system must be a directory; check the archive.");
            }
            return;
        }
        String place = resolveParent(cleaned, true);
        if (node instanceof Node.Directory) {
            putDirectory(place, node);
        } else {
            removeBelow(place);
            store(place, node);
        }
    }

    /** A directory keeps what is in it, also when it is laid over a symbolic link to a directory. */
    private void putDirectory(String place, Node node) throws BadImage {
        if (nodes.get(place) instanceof Node.SymbolicLink) {
            String target = follow(place, new int[1]);
            if (target.isEmpty() || nodes.get(target) instanceof Node.Directory) {
                return;
            }
        }
        store(place, node);
    }

    private void removeBelow(String place) { nodes.subMap(place + '/', place + '0').clear(); }

    private void store(String place, Node node) throws BadImage {
        if (place.length() > PATH_BYTES_MAX) {
            throw tooLong(place);
        }
        if (nodes.size() >= FILES_MAX && !nodes.containsKey(place)) {
            throw new BadImage("The root file system has more than " + FILES_MAX
                    + " files; put it on a disk instead of the initramfs.");
        }
        nodes.put(place, node);
    }

    /** The place of a path after its directories were followed, and made if need be. */
    private String resolveParent(String path, boolean make) throws BadImage {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return path;
        }
        String parent = resolve(path.substring(0, slash), make, new int[1]);
        return parent.isEmpty() ? path.substring(slash + 1) : parent + path.substring(slash);
    }

    /** Follows all links of a path, the last part's too. */
    private String resolve(String path, boolean make, int[] links) throws BadImage {
        String place = "";
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                place = place.substring(0, Math.max(0, place.lastIndexOf('/')));
                continue;
            }
            place = place.isEmpty() ? part : place + '/' + part;
            if (nodes.get(place) instanceof Node.SymbolicLink) {
                place = follow(place, links);
            }
            if (make) {
                makeDirectory(place);
            }
        }
        return place;
    }

    /** Makes a directory and those above it; the place has no links in it. */
    private void makeDirectory(String place) throws BadImage {
        if (!place.isEmpty() && !(nodes.get(place) instanceof Node.Directory)) {
            makeDirectory(place.substring(0, Math.max(0, place.lastIndexOf('/'))));
            store(place, DEFAULT_DIRECTORY);
        }
    }

    private String follow(String place, int[] links) throws BadImage {
        String at = place;
        while (nodes.get(at) instanceof Node.SymbolicLink(String target, _, _)) {
            if (++links[0] > LINKS_MAX) {
                throw new BadImage("The path " + shown(place) + " leads through too many symbolic links;"
                        + " check the root file system for a link to itself.");
            }
            int slash = at.lastIndexOf('/');
            boolean isRelative = !target.startsWith("/") && slash >= 0;
            String path = isRelative ? at.substring(0, slash + 1) + target : target;
            if (path.length() > PATH_BYTES_MAX) {
                throw tooLong(path);
            }
            at = resolve(path, false, links);
        }
        return at;
    }

    /** A path without empty parts and dots; one with ".." is refused, because no honest archive needs it. */
    private static String clean(String path) throws BadImage {
        if (path.length() > PATH_BYTES_MAX) {
            throw tooLong(path);
        }
        StringBuilder cleaned = new StringBuilder(path.length());
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..") || part.indexOf('\0') >= 0) {
                throw new BadImage("The root file system has a file named " + shown(path)
                        + ", which could leave its root; remove it from the archive.");
            }
            if (part.length() > NAME_BYTES_MAX) {
                throw tooLong(part);
            }
            cleaned.append(cleaned.isEmpty() ? "" : "/").append(part);
        }
        if (cleaned.toString().equals(CpioWriter.TRAILER)) {
            throw new BadImage("A file at the root may not be named " + CpioWriter.TRAILER
                    + ", which ends a cpio archive; rename it.");
        }
        return cleaned.toString();
    }

    private static BadImage tooLong(String path) {
        return new BadImage("The root file system has a name of " + path.length() + " bytes, more than Linux takes ("
                + shown(path.substring(0, 40)) + "…); shorten it.");
    }

    /** A path as a message may show it: quoted and not too long. */
    static String shown(String path) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < Math.min(path.length(), 200); i++) {
            char c = path.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.append('\'').toString();
    }
}

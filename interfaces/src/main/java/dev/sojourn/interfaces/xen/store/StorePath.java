package dev.sojourn.interfaces.xen.store;

/** Paths of the store: names of letters, digits and {@code - / _ @}, joined by slashes. */
final class StorePath {
    static final int ABSOLUTE_MAX = 3072;
    private static final int RELATIVE_MAX = 2048;
    private static final String[] ROOT = {};

    private StorePath() {}

    /** A path a guest gave, as an absolute one. @param home where relative ones begin @throws StoreError EINVAL */
    static String absolute(String path, String home) throws StoreError {
        boolean relative = !path.startsWith("/");
        boolean good = !path.isEmpty() && path.length() <= (relative ? RELATIVE_MAX : ABSOLUTE_MAX)
                && path.matches("[A-Za-z0-9/_@-]+") && !path.contains("//") && (path.equals("/") || !path.endsWith("/"));
        if (!good) {
            throw new StoreError("EINVAL");
        }
        return relative ? home + "/" + path : path;
    }

    static String[] names(String absolute) { return absolute.equals("/") ? ROOT : absolute.substring(1).split("/"); }

    static String parent(String absolute) {
        int slash = absolute.lastIndexOf('/');
        return slash <= 0 ? "/" : absolute.substring(0, slash);
    }

    /** Whether one path is another or below it. */
    static boolean covers(String above, String path) {
        return above.equals("/") || path.equals(above) || path.startsWith(above + "/");
    }
}

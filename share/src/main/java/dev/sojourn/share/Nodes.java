package dev.sojourn.share;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files a guest knows, by the numbers it was told: each an entry of a directory that it knows, too. */
final class Nodes {
    static final long ROOT = 1;

    /** The guest's kernel forgets what it does not use; one that never does gets no further. */
    private static final int NODES_MAX = 1 << 19;

    /** A path longer than this the kernel does not make. */
    private static final int DEPTH_MAX = 1024;

    /** A known file. */
    static final class Node {
        final long id;
        private Node parent;
        private String name;
        private long lookups;
        private int children;

        private Node(long id, Node parent, String name) {
            this.id = id;
            this.parent = parent;
            this.name = name;
        }

        String name() { return name; }

        /** Its directory; none for the shared directory itself, and for what was deleted. */
        Node parent() { return parent; }
    }

    private record Key(long parent, String name) {}

    private final Map<Long, Node> byId = new HashMap<>();
    private final Map<Key, Node> byName = new HashMap<>();
    private final Node root = new Node(ROOT, null, "");
    private long next = ROOT + 1;

    Nodes() { byId.put(ROOT, root); }

    Node get(long id) throws Errno.Failure {
        Node node = byId.get(id);
        if (node == null) {
            throw new Errno.Failure(Errno.ENOENT);
        }
        return node;
    }

    /** The node of an entry, looked up once more. */
    Node lookUp(Node parent, String name) throws Errno.Failure {
        Key key = new Key(parent.id, name);
        Node node = byName.get(key);
        if (node == null) {
            if (byId.size() == NODES_MAX) {
                throw new Errno.Failure(Errno.ENOMEM);
            }
            node = new Node(next++, parent, name);
            parent.children++;
            byId.put(node.id, node);
            byName.put(key, node);
        }
        node.lookups++;
        return node;
    }

    void forget(long id, long lookups) {
        Node node = byId.get(id);
        if (node == null || id == ROOT) {
            return;
        }
        node.lookups = Math.max(0, node.lookups - Math.max(0, lookups));
        sweep(node);
    }

    /** The entry is gone; who has it open keeps it. */
    void deleted(Node parent, String name) {
        Node node = byName.remove(new Key(parent.id, name));
        if (node != null) {
            parent.children--;
            node.parent = null;
        }
    }

    void renamed(Node from, String name, Node to, String newName) throws Errno.Failure {
        deleted(to, newName);
        Node node = byName.remove(new Key(from.id, name));
        if (node != null) {
            from.children--;
            to.children++;
            node.parent = to;
            node.name = newName;
            byName.put(new Key(to.id, newName), node);
        }
    }

    /** The names that lead to it from the shared directory. */
    List<String> path(Node node) throws Errno.Failure {
        Deque<String> names = new ArrayDeque<>();
        Node step = node;
        while (step != root) {
            if (step.parent == null || names.size() == DEPTH_MAX) {
                throw new Errno.Failure(Errno.ENOENT);
            }
            names.addFirst(step.name);
            step = step.parent;
        }
        return List.copyOf(names);
    }

    /** Drops what nobody knows any more, upwards. */
    private void sweep(Node node) {
        Node step = node;
        while (step != null && step != root && step.lookups == 0 && step.children == 0) {
            Node parent = step.parent;
            byId.remove(step.id);
            if (parent != null) {
                byName.remove(new Key(parent.id, step.name));
                parent.children--;
            }
            step = parent;
        }
    }
}

package dev.sojourn.share;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files a guest knows, by the numbers it was told: each an entry of a directory that it knows, too. */
final class Nodes {
    static final long ROOT = 1;

    /** The guest's kernel forgets what it does not use; one that never does gets no further. */
    private static final int NODES_MAX = 1 << 19;

    private static final int NAME_BYTES_MAX = 1024;

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

    /** All but the shared directory, each behind the directory it is in. */
    void save(StateWriter out) {
        List<Node> known = byId.values().stream().filter(node -> node != root).sorted(Comparator.comparingInt(Nodes::depth)
                .thenComparingLong(node -> node.id)).toList();
        out.number("next-node", next).list("nodes", known, (each, node) -> each.number("id", node.id)
                .number("parent", node.parent == null ? 0 : node.parent.id).text("name", node.name).number("lookups", node.lookups));
    }

    void restore(StateReader in) throws BadState {
        next = in.number("next-node");
        for (StateReader each : in.list("nodes", NODES_MAX)) {
            long id = each.number("id");
            long parentId = each.number("parent");
            Node parent = parentId == 0 ? null : byId.get(parentId);
            String name = each.text("name", NAME_BYTES_MAX);
            boolean good = id > ROOT && id < next && !byId.containsKey(id) && (parent != null || parentId == 0) && Message.isName(name);
            if (!good || parent != null && byName.containsKey(new Key(parentId, name))) {
                throw each.bad("has a file that cannot be");
            }
            Node node = new Node(id, parent, name);
            node.lookups = Math.max(0, each.number("lookups"));
            byId.put(id, node);
            if (parent != null) {
                parent.children++;
                byName.put(new Key(parentId, name), node);
            }
        }
    }

    private static int depth(Node node) {
        int depth = 0;
        for (Node step = node; step != null; step = step.parent) {
            depth++;
        }
        return depth;
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

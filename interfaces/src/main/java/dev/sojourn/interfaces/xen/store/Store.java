package dev.sojourn.interfaces.xen.store;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tree, as the host's side uses it, with those who watch it. */
public final class Store {
    /** Told of changes at a path or below it. */
    public interface Watch {
        /** @param path that which changed */
        void changed(String path);
    }

    private record Watcher(String path, Watch watch) {}

    /** The guest may make a thousand; the host makes a few dozen. */
    private static final int NODES_MAX = 4096;

    private final int guest;
    private final List<Watcher> watchers = new ArrayList<>();
    private Node root;

    /** @param guest the domain whose tree it is; it owns nothing yet */
    public Store(int guest) {
        this.guest = guest;
        root = Node.empty(List.of(new Node.Permission('n', 0)));
        readable("/");
    }

    int guest() { return guest; }

    /** Where relative paths of the guest begin. */
    public String home() { return "/local/domain/" + guest; }

    Node root() { return root; }

    /** Changes the tree, and tells those who watch what changed. */
    void commit(Node changed, Set<String> touched) {
        root = changed;
        for (String path : touched) {
            for (Watcher watcher : List.copyOf(watchers)) {
                // Removing a node is news for those who watch what was below it.
                if (StorePath.covers(watcher.path, path) || StorePath.covers(path, watcher.path)) {
                    watcher.watch.changed(path);
                }
            }
        }
    }

    public void watch(String path, Watch watch) { watchers.add(new Watcher(path, watch)); }

    void unwatch(Watch watch) { watchers.removeIf(w -> w.watch == watch); }

    /** Writes as domain 0, which may do everything. */
    public void write(String path, String value) {
        edit(transaction -> transaction.write(path, value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Lets the guest read a node, and those made below it later. */
    public void readable(String path) { permit(path, new Node.Permission('n', 0), new Node.Permission('r', guest)); }

    /** Lets the guest own a node, and those made below it later. */
    public void owned(String path) { permit(path, new Node.Permission('n', guest)); }

    private void permit(String path, Node.Permission... permissions) {
        edit(transaction -> {
            transaction.make(path);
            transaction.permissions(path, List.of(permissions));
        });
    }

    /** The value at a path; empty if there is none. */
    public String read(String path) {
        Node node = root.at(StorePath.names(path));
        return node == null ? "" : new String(node.value(), StandardCharsets.UTF_8);
    }

    /** The tree; those who watch it join again by themselves. */
    public void save(StateWriter out) {
        out.list("nodes", Node.Placed.all(root), (each, placed) -> {
            each.text("path", placed.path()).bytes("value", placed.node().value());
            Node.savePermissions(each, placed.node().permissions());
        });
    }

    public void restore(StateReader in) throws BadState {
        List<StateReader> nodes = in.list("nodes", NODES_MAX);
        if (nodes.isEmpty()) {
            throw in.bad("has no tree");
        }
        Node tree = null;
        for (StateReader each : nodes) {
            String path = each.text("path", StorePath.ABSOLUTE_MAX);
            Node node = new Node(each.bytes("value", StoreServer.PAYLOAD_MAX), Node.readPermissions(each), Map.of());
            if (tree == null) {
                tree = node;
            } else {
                Transaction edit = new Transaction(tree, 0);
                try {
                    edit.make(StorePath.absolute(path, home()));
                    edit.write(path, node.value());
                    edit.permissions(path, node.permissions());
                    tree = edit.commit(tree);
                } catch (StoreError e) {
                    throw each.bad("has the path " + path + ", which cannot be");
                }
            }
        }
        root = tree;
    }

    private interface Edit {
        void apply(Transaction transaction) throws StoreError;
    }

    private void edit(Edit edit) {
        Transaction transaction = new Transaction(root, 0);
        try {
            edit.apply(transaction);
            commit(transaction.commit(root), transaction.touched());
        } catch (StoreError e) {
            throw new AssertionError(e);
        }
    }
}

package dev.sojourn.interfaces.xen.store;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A view of the tree on which changes are made: outside of transactions it is committed after each request.
 *
 * <p>It remembers the tree it began with, every path it looked at, and what it changed. If the tree has not changed at any of
 * those paths meanwhile, the changes are made once more to the tree as it is; else the transaction fails.
 */
final class Transaction {
    /** What is changed, at a path; nodes on the way are made. */
    private sealed interface Change {
        String path();
    }

    private record Made(String path) implements Change {}

    private record Written(String path, byte[] value) implements Change {}

    private record Permitted(String path, List<Node.Permission> permissions) implements Change {}

    private record Removed(String path) implements Change {}

    private static final int CHANGES_MAX = 4096;

    private final Node base;
    private final int domain;
    private final Set<String> looked = new LinkedHashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private Node root;
    /** The tree had changed where it looked before it was saved and restored. */
    private boolean stale;

    Transaction(Node base, int domain) {
        this.base = base;
        root = base;
        this.domain = domain;
    }

    Set<String> touched() { return touched; }

    /** The tree with this view's changes; {@code current} is the tree as it is. @throws StoreError EAGAIN */
    Node commit(Node current) throws StoreError {
        if (stale) {
            throw new StoreError("EAGAIN");
        }
        if (current == base) {
            return root;
        }
        for (String path : looked) {
            String[] names = StorePath.names(path);
            if (base.at(names) != current.at(names)) {
                throw new StoreError("EAGAIN");
            }
        }
        Node result = current;
        for (Change change : changes) {
            result = apply(result, change);
        }
        return result;
    }

    /** The node at a path. @throws StoreError ENOENT, EACCES */
    Node read(String path) throws StoreError {
        looked.add(path);
        Node node = root.at(StorePath.names(path));
        if (node == null) {
            throw new StoreError("ENOENT");
        }
        if (!node.mayRead(domain)) {
            throw new StoreError("EACCES");
        }
        return node;
    }

    private boolean exists(String path) {
        looked.add(path);
        return root.at(StorePath.names(path)) != null;
    }

    void write(String path, byte[] value) throws StoreError { change(new Written(path, value)); }

    void make(String path) throws StoreError {
        if (!exists(path)) {
            change(new Made(path));
        }
    }

    /** Takes a node away with all below it; one that is not there, under a parent that is, is no error. */
    void remove(String path) throws StoreError {
        String[] names = StorePath.names(path);
        if (names.length == 0) {
            throw new StoreError("EINVAL");
        }
        if (!exists(path)) {
            if (!exists(StorePath.parent(path))) {
                throw new StoreError("ENOENT");
            }
            return;
        }
        requireWrite(root.at(names));
        note(new Removed(path));
    }

    void permissions(String path, List<Node.Permission> permissions) throws StoreError {
        if (!exists(path)) {
            throw new StoreError("ENOENT");
        }
        Node node = root.at(StorePath.names(path));
        if (!node.isOwner(domain) || domain != 0 && permissions.getFirst().domain() != node.permissions().getFirst().domain()) {
            throw new StoreError(node.isOwner(domain) ? "EPERM" : "EACCES");
        }
        change(new Permitted(path, permissions));
    }

    private void requireWrite(Node node) throws StoreError {
        if (!node.mayWrite(domain)) {
            throw new StoreError("EACCES");
        }
    }

    private void change(Change change) throws StoreError {
        String path = change.path();
        String[] names = StorePath.names(path);
        Node nearest = root;
        exists(path);
        for (String name : names) {
            Node next = nearest.children().get(name);
            if (next == null) {
                break;
            }
            nearest = next;
        }
        requireWrite(nearest);
        note(change);
    }

    private void note(Change change) {
        root = apply(root, change);
        changes.add(change);
        touched.add(change.path());
    }

    private Node apply(Node tree, Change change) {
        String[] names = StorePath.names(change.path());
        return switch (change) {
            case Made _ -> with(tree, names, 0, UnaryOperator.identity());
            case Written written -> with(tree, names, 0, node -> node.withValue(written.value));
            case Permitted permitted -> with(tree, names, 0, node -> node.withPermissions(permitted.permissions));
            case Removed _ -> without(tree, names, 0);
        };
    }

    /**
     * Saves it by what it looked at and did. One that must fail anyway is saved as such; another goes on from the tree as it is,
     * which is the same wherever it looked.
     */
    void save(StateWriter out, Node current) {
        boolean fails = stale || looked.stream().map(StorePath::names).anyMatch(names -> base.at(names) != current.at(names));
        out.flag("stale", fails).list("looked", List.copyOf(looked), (each, path) -> each.text("path", path));
        out.list("changes", changes, (each, change) -> {
            each.text("path", change.path());
            switch (change) {
                case Made _ -> each.text("kind", "make");
                case Written written -> each.text("kind", "write").bytes("value", written.value);
                case Permitted permitted -> Node.savePermissions(each.text("kind", "permit"), permitted.permissions);
                case Removed _ -> each.text("kind", "remove");
            }
        });
    }

    static Transaction read(StateReader in, Node current, int domain) throws BadState {
        Transaction transaction = new Transaction(current, domain);
        transaction.stale = in.flag("stale");
        for (StateReader each : in.list("looked", CHANGES_MAX)) {
            transaction.looked.add(path(each));
        }
        for (StateReader each : in.list("changes", CHANGES_MAX)) {
            String path = path(each);
            transaction.note(switch (each.text("kind", 8)) {
                case "make" -> new Made(path);
                case "write" -> new Written(path, each.bytes("value", StoreServer.PAYLOAD_MAX));
                case "permit" -> new Permitted(path, Node.readPermissions(each));
                case "remove" -> new Removed(path);
                default -> throw each.bad("is of a kind that this release does not know");
            });
        }
        return transaction;
    }

    private static String path(StateReader in) throws BadState {
        String path = in.text("path", StorePath.ABSOLUTE_MAX);
        try {
            return StorePath.absolute(path, "");
        } catch (StoreError _) {
            throw in.bad("has the path " + path + ", which cannot be");
        }
    }

    /** A node that is made gets its parent's permissions, and the maker for its owner (docs/misc/xenstore.txt). */
    private Node with(Node node, String[] names, int depth, UnaryOperator<Node> edit) {
        if (depth == names.length) {
            return edit.apply(node);
        }
        Node child = node.children().get(names[depth]);
        if (child == null) {
            List<Node.Permission> permissions = new ArrayList<>(node.permissions());
            if (domain != 0) {
                permissions.set(0, new Node.Permission(permissions.getFirst().letter(), domain));
            }
            child = Node.empty(permissions);
        }
        return node.withChild(names[depth], with(child, names, depth + 1, edit));
    }

    private static Node without(Node node, String[] names, int depth) {
        Node child = node.children().get(names[depth]);
        if (child == null) {
            return node;
        }
        return node.withChild(names[depth], depth == names.length - 1 ? null : without(child, names, depth + 1));
    }
}

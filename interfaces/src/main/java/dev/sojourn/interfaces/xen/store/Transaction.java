package dev.sojourn.interfaces.xen.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A view of the tree on which changes are made: outside of transactions it is committed after each request.
 *
 * <p>It remembers the tree it began with, every path it looked at, and what it changed. If the tree has not changed at any of
 * those paths meanwhile, the changes are made once more to the tree as it is; else the transaction fails.
 */
final class Transaction {
    private interface Change {
        Node apply(Node root) throws StoreError;
    }

    private final Node base;
    private final int domain;
    private final Set<String> looked = new LinkedHashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private Node root;

    Transaction(Node base, int domain) {
        this.base = base;
        root = base;
        this.domain = domain;
    }

    Set<String> touched() { return touched; }

    /** The tree with this view's changes; {@code current} is the tree as it is. @throws StoreError EAGAIN */
    Node commit(Node current) throws StoreError {
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
            result = change.apply(result);
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

    void write(String path, byte[] value) throws StoreError { change(path, node -> node.withValue(value)); }

    void make(String path) throws StoreError {
        if (!exists(path)) {
            change(path, node -> node);
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
        apply(path, tree -> without(tree, names, 0));
    }

    void permissions(String path, List<Node.Permission> permissions) throws StoreError {
        if (!exists(path)) {
            throw new StoreError("ENOENT");
        }
        Node node = root.at(StorePath.names(path));
        if (!node.isOwner(domain) || domain != 0 && permissions.getFirst().domain() != node.permissions().getFirst().domain()) {
            throw new StoreError(node.isOwner(domain) ? "EPERM" : "EACCES");
        }
        change(path, n -> n.withPermissions(permissions));
    }

    private void requireWrite(Node node) throws StoreError {
        if (!node.mayWrite(domain)) {
            throw new StoreError("EACCES");
        }
    }

    private void change(String path, java.util.function.UnaryOperator<Node> edit) throws StoreError {
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
        apply(path, tree -> with(tree, names, 0, edit));
    }

    private void apply(String path, Change change) throws StoreError {
        root = change.apply(root);
        changes.add(change);
        touched.add(path);
    }

    /** A node that is made gets its parent's permissions, and the maker for its owner (docs/misc/xenstore.txt). */
    private Node with(Node node, String[] names, int depth, java.util.function.UnaryOperator<Node> edit) {
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

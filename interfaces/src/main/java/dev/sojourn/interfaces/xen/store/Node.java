package dev.sojourn.interfaces.xen.store;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One node of the tree with all below it. It never changes: a change makes new nodes from there up to the root, so that who
 * holds a root holds the tree as it was.
 *
 * @param permissions the owner's first, whose letter is for everybody else; letters are n, r, w and b for both
 */
record Node(byte[] value, List<Permission> permissions, Map<String, Node> children) {
    /** What a domain may do with a node. */
    record Permission(char letter, int domain) {
        boolean reads() { return letter == 'r' || letter == 'b'; }

        boolean writes() { return letter == 'w' || letter == 'b'; }
    }

    /** A node and where it is. */
    record Placed(String path, Node node) {
        /** A tree's nodes, each before those below it. */
        static List<Placed> all(Node root) {
            List<Placed> all = new ArrayList<>();
            add(all, "", root);
            return all;
        }

        private static void add(List<Placed> all, String path, Node node) {
            all.add(new Placed(path.isEmpty() ? "/" : path, node));
            node.children.forEach((name, child) -> add(all, path + "/" + name, child));
        }
    }

    private static final int PERMISSIONS_MAX = 64;

    static final byte[] EMPTY = {};

    Node {
        permissions = List.copyOf(permissions);
    }

    static Node empty(List<Permission> permissions) { return new Node(EMPTY, permissions, Map.of()); }

    Node withValue(byte[] value) { return new Node(value, permissions, children); }

    Node withPermissions(List<Permission> permissions) { return new Node(value, permissions, children); }

    /** With a child put, or taken away if it is null. */
    Node withChild(String name, Node child) {
        TreeMap<String, Node> changed = new TreeMap<>(children);
        if (child == null) {
            changed.remove(name);
        } else {
            changed.put(name, child);
        }
        return new Node(value, permissions, Collections.unmodifiableMap(changed));
    }

    /** The node at a path below this one; null if there is none. */
    Node at(String[] path) {
        Node node = this;
        for (String name : path) {
            node = node == null ? null : node.children.get(name);
        }
        return node;
    }

    static void savePermissions(StateWriter out, List<Permission> permissions) {
        out.list("permissions", permissions, (each, p) -> each.number("letter", p.letter).number("domain", p.domain));
    }

    static List<Permission> readPermissions(StateReader in) throws BadState {
        List<Permission> permissions = new ArrayList<>();
        for (StateReader each : in.list("permissions", PERMISSIONS_MAX)) {
            permissions.add(new Permission((char) each.number("letter", 'b', 'w'), each.number("domain", 0, 0xffff)));
        }
        if (permissions.isEmpty()) {
            throw in.bad("has no permissions");
        }
        return permissions;
    }

    private Permission permission(int domain) {
        for (Permission permission : permissions.subList(1, permissions.size())) {
            if (permission.domain == domain) {
                return permission;
            }
        }
        return permissions.getFirst();
    }

    private boolean owns(int domain) { return domain == 0 || permissions.getFirst().domain == domain; }

    boolean mayRead(int domain) { return owns(domain) || permission(domain).reads(); }

    boolean mayWrite(int domain) { return owns(domain) || permission(domain).writes(); }

    boolean isOwner(int domain) { return owns(domain); }

    int count() {
        int count = 1;
        for (Node child : children.values()) {
            count += child.count();
        }
        return count;
    }
}

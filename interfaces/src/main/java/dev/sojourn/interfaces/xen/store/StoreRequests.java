package dev.sojourn.interfaces.xen.store;

import dev.sojourn.state.BadState;
import dev.sojourn.state.StateReader;
import dev.sojourn.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a guest may ask of the store, served one request at a time. */
final class StoreRequests {
    private static final int DIRECTORY = 1;
    private static final int READ = 2;
    private static final int GET_PERMS = 3;
    private static final int WATCH = 4;
    private static final int UNWATCH = 5;
    private static final int TRANSACTION_START = 6;
    private static final int TRANSACTION_END = 7;
    private static final int GET_DOMAIN_PATH = 10;
    private static final int WRITE = 11;
    private static final int MKDIR = 12;
    private static final int RM = 13;
    private static final int SET_PERMS = 14;
    private static final int WATCH_EVENT = 15;
    private static final int ERROR = 16;
    private static final int RESET_WATCHES = 21;

    private static final byte[] OK = "OK\0".getBytes(StandardCharsets.US_ASCII);
    private static final int WATCHES_MAX = 128;
    private static final int TRANSACTIONS_MAX = 10;
    private static final int NODES_MAX = 1000;
    private static final int VALUE_BYTES_MAX = 2048;
    /** In UTF-8, which has two bytes for some characters of the wire. */
    private static final int TOKEN_BYTES_MAX = 2 * StoreServer.PAYLOAD_MAX;
    private static final int PERMISSIONS_MAX = 5;
    /** Changes and looks of one transaction, so that a guest cannot make it grow for ever. */
    private static final int TRANSACTION_REQUESTS_MAX = 1024;

    /** Takes an answer or an event. */
    interface Answers {
        void answer(int type, int request, int transaction, byte[] payload);
    }

    private record GuestWatch(String path, boolean relative, String token, Store.Watch watch) {}

    private static final class Open {
        private final Transaction transaction;
        private int requests;

        private Open(Transaction transaction) { this.transaction = transaction; }
    }

    private final Store store;
    private final Answers answers;
    private final List<GuestWatch> watches = new ArrayList<>();
    private final Map<Integer, Open> transactions = new HashMap<>();
    private int lastTransaction;

    StoreRequests(Store store, Answers answers) {
        this.store = store;
        this.answers = answers;
    }

    void serve(int type, int request, int id, byte[] payload) {
        try {
            byte[] answer = answer(type, id, payload);
            answers.answer(type, request, id, answer);
            if (type == WATCH) {
                // A new watch fires once, so that nothing is missed.
                GuestWatch watch = watches.getLast();
                fire(watch, watch.path);
            }
        } catch (StoreError e) {
            answers.answer(ERROR, request, id, text(e.getMessage()));
        }
    }

    void save(StateWriter out) {
        out.list("watches", watches, (each, watch) -> each.text("path", watch.path).flag("relative", watch.relative)
                .text("token", watch.token));
        out.number("last-transaction", lastTransaction);
        out.list("transactions", new ArrayList<>(new TreeMap<>(transactions).entrySet()), (each, open) -> {
            each.number("id", open.getKey()).number("requests", open.getValue().requests);
            open.getValue().transaction.save(each, store.root());
        });
    }

    void restore(StateReader in) throws BadState {
        watches.clear();
        for (StateReader each : in.list("watches", WATCHES_MAX)) {
            String path = each.text("path", StorePath.ABSOLUTE_MAX);
            boolean relative = each.flag("relative");
            if (relative && !path.startsWith(store.home() + "/")) {
                throw each.bad("has a relative path elsewhere: " + path);
            }
            add(path, relative, each.text("token", TOKEN_BYTES_MAX));
        }
        lastTransaction = in.number("last-transaction", 0, Integer.MAX_VALUE);
        transactions.clear();
        for (StateReader each : in.list("transactions", TRANSACTIONS_MAX)) {
            Open open = new Open(Transaction.read(each, store.root(), store.guest()));
            open.requests = each.number("requests", 0, TRANSACTION_REQUESTS_MAX + 1);
            transactions.put(each.number("id", 1, Integer.MAX_VALUE), open);
        }
    }

    private static byte[] text(String text) { return (text + "\0").getBytes(StandardCharsets.UTF_8); }

    private byte[] answer(int type, int id, byte[] payload) throws StoreError {
        return switch (type) {
            case DIRECTORY, READ, GET_PERMS, WRITE, MKDIR, RM, SET_PERMS -> onTree(type, id, payload);
            case WATCH -> watch(strings(payload, 2));
            case UNWATCH -> unwatch(strings(payload, 2));
            case TRANSACTION_START -> start(id);
            case TRANSACTION_END -> end(id, strings(payload, 1)[0]);
            case GET_DOMAIN_PATH -> domainPath(strings(payload, 1)[0]);
            case RESET_WATCHES -> {
                watches.forEach(w -> store.unwatch(w.watch));
                watches.clear();
                transactions.clear();
                yield OK;
            }
            default -> throw new StoreError("ENOSYS");
        };
    }

    private byte[] onTree(int type, int id, byte[] payload) throws StoreError {
        if (id == 0) {
            Transaction single = new Transaction(store.root(), store.guest());
            byte[] answer = onTree(type, single, payload);
            store.commit(single.commit(store.root()), single.touched());
            return answer;
        }
        Open open = open(id);
        if (++open.requests > TRANSACTION_REQUESTS_MAX) {
            throw new StoreError("ENOSPC");
        }
        return onTree(type, open.transaction, payload);
    }

    private byte[] onTree(int type, Transaction tree, byte[] payload) throws StoreError {
        String path = path(strings(payload, 1)[0]);
        byte[] rest = Arrays.copyOfRange(payload, Math.min(payload.length, indexOfZero(payload) + 1), payload.length);
        switch (type) {
            case DIRECTORY -> {
                StringBuilder names = new StringBuilder();
                tree.read(path).children().keySet().forEach(name -> names.append(name).append('\0'));
                if (names.length() > StoreServer.PAYLOAD_MAX) {
                    throw new StoreError("E2BIG");
                }
                return names.toString().getBytes(StandardCharsets.UTF_8);
            }
            case READ -> {
                return tree.read(path).value();
            }
            case GET_PERMS -> {
                StringBuilder letters = new StringBuilder();
                tree.read(path).permissions().forEach(p -> letters.append(p.letter()).append(p.domain()).append('\0'));
                return letters.toString().getBytes(StandardCharsets.US_ASCII);
            }
            case WRITE -> {
                if (rest.length > VALUE_BYTES_MAX) {
                    throw new StoreError("ENOSPC");
                }
                requireRoom();
                tree.write(path, rest);
            }
            case MKDIR -> {
                requireRoom();
                tree.make(path);
            }
            case RM -> tree.remove(path);
            default -> tree.permissions(path, permissions(rest));
        }
        return OK;
    }

    private void requireRoom() throws StoreError {
        if (store.root().count() + transactions.values().stream().mapToInt(o -> o.requests).sum() > NODES_MAX) {
            throw new StoreError("ENOSPC");
        }
    }

    private static int indexOfZero(byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
            if (payload[i] == 0) {
                return i;
            }
        }
        return payload.length;
    }

    /** The strings a payload begins with, each ended by a zero. @throws StoreError EINVAL if there are fewer */
    private static String[] strings(byte[] payload, int count) throws StoreError {
        String[] found = new String[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            int end = from;
            while (end < payload.length && payload[end] != 0) {
                end++;
            }
            if (end == payload.length) {
                throw new StoreError("EINVAL");
            }
            found[i] = new String(payload, from, end - from, StandardCharsets.ISO_8859_1);
            from = end + 1;
        }
        return found;
    }

    private String path(String given) throws StoreError { return StorePath.absolute(given, store.home()); }

    private static List<Node.Permission> permissions(byte[] payload) throws StoreError {
        List<Node.Permission> permissions = new ArrayList<>();
        for (String one : new String(payload, StandardCharsets.ISO_8859_1).split("\0")) {
            if (!one.matches("[nrwb][0-9]{1,5}") || permissions.size() == PERMISSIONS_MAX) {
                throw new StoreError("EINVAL");
            }
            permissions.add(new Node.Permission(one.charAt(0), Integer.parseInt(one.substring(1))));
        }
        return permissions;
    }

    private byte[] watch(String[] strings) throws StoreError {
        boolean special = strings[0].startsWith("@");
        String path = special ? strings[0] : path(strings[0]);
        if (find(path, strings[1]) != null) {
            throw new StoreError("EEXIST");
        }
        if (watches.size() >= WATCHES_MAX) {
            throw new StoreError("E2BIG");
        }
        add(path, !special && !strings[0].startsWith("/"), strings[1]);
        return OK;
    }

    private void add(String path, boolean relative, String token) {
        Store.Watch[] own = new Store.Watch[1];
        own[0] = changed -> watches.stream().filter(w -> w.watch == own[0]).forEach(w -> fire(w, changed));
        watches.add(new GuestWatch(path, relative, token, own[0]));
        if (!path.startsWith("@")) {
            store.watch(path, own[0]);
        }
    }

    private void fire(GuestWatch watch, String changed) {
        String path = StorePath.covers(watch.path, changed) ? changed : watch.path;
        if (watch.relative) {
            path = path.substring(store.home().length() + 1);
        }
        byte[] payload = (path + '\0' + watch.token + '\0').getBytes(StandardCharsets.ISO_8859_1);
        answers.answer(WATCH_EVENT, 0, 0, payload);
    }

    private GuestWatch find(String path, String token) {
        return watches.stream().filter(w -> w.path.equals(path) && w.token.equals(token)).findFirst().orElse(null);
    }

    private byte[] unwatch(String[] strings) throws StoreError {
        GuestWatch watch = find(strings[0].startsWith("@") ? strings[0] : path(strings[0]), strings[1]);
        if (watch == null) {
            throw new StoreError("ENOENT");
        }
        store.unwatch(watch.watch);
        watches.remove(watch);
        return OK;
    }

    private Open open(int id) throws StoreError {
        Open open = transactions.get(id);
        if (open == null) {
            throw new StoreError("ENOENT");
        }
        return open;
    }

    private byte[] start(int id) throws StoreError {
        if (id != 0) {
            throw new StoreError("EBUSY");
        }
        if (transactions.size() >= TRANSACTIONS_MAX) {
            throw new StoreError("ENOSPC");
        }
        do {
            lastTransaction = lastTransaction + 1 & Integer.MAX_VALUE;
        } while (lastTransaction == 0 || transactions.containsKey(lastTransaction));
        transactions.put(lastTransaction, new Open(new Transaction(store.root(), store.guest())));
        return text(Integer.toString(lastTransaction));
    }

    private byte[] end(int id, String how) throws StoreError {
        Open open = open(id);
        if (!how.equals("T") && !how.equals("F")) {
            throw new StoreError("EINVAL");
        }
        transactions.remove(id);
        if (how.equals("T")) {
            store.commit(open.transaction.commit(store.root()), open.transaction.touched());
        }
        return OK;
    }

    private static byte[] domainPath(String number) throws StoreError {
        if (!number.matches("[0-9]{1,5}")) {
            throw new StoreError("EINVAL");
        }
        return text("/local/domain/" + number);
    }
}

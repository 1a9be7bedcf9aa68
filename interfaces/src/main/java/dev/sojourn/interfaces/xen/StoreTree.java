package dev.sojourn.interfaces.xen;

import dev.sojourn.interfaces.xen.store.Store;
import dev.sojourn.memory.GuestMemory;
import java.util.HexFormat;

/** What the store says to a guest at its start: who it is, what it has, and where it may answer. */
final class StoreTree {
    private static final int KIB = 1024;

    private StoreTree() {}

    static void fill(Store store, Domain domain) {
        String home = store.home();
        String uuid = HexFormat.of().formatHex(domain.uuid())
                .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        store.readable("/local");
        store.readable("/local/domain");
        store.readable("/local/domain/0");
        store.readable(home);
        store.write(home + "/vm", "/vm/" + uuid);
        store.write(home + "/name", "sojourn");
        store.write(home + "/domid", Integer.toString(Domain.ID));
        long kib = domain.kind().pages() * (GuestMemory.PAGE_BYTES / KIB);
        store.write(home + "/memory/target", Long.toString(kib));
        store.write(home + "/memory/static-max", Long.toString(kib));
        store.write(home + "/memory/videoram", "0");
        for (Vcpu vcpu : domain.vcpus()) {
            store.write(home + "/cpu/" + vcpu.id + "/availability", "online");
        }
        store.write(home + "/control/platform-feature-multiprocessor-suspend", "1");
        store.write(home + "/control/platform-feature-xs_reset_watches", "1");
        for (String name : new String[] {"shutdown", "feature-poweroff", "feature-reboot", "feature-suspend", "sysrq"}) {
            store.write(home + "/control/" + name, "");
            store.owned(home + "/control/" + name);
        }
        store.write(home + "/store/port", Integer.toString(domain.storePort()));
        store.write(home + "/console/port", Integer.toString(domain.consolePort()));
        store.write(home + "/console/type", "xenconsoled");
        store.write(home + "/console/backend-id", "0");
        for (String name : new String[] {"data", "drivers", "feature", "attr", "error", "device"}) {
            store.owned(home + "/" + name);
        }
        store.write(home + "/device/suspend/event-channel", "");
        store.owned(home + "/device/suspend/event-channel");
    }
}

package dev.sojourn.interfaces.xen.store;

/** A request that failed, by the name the protocol has for why. */
@SuppressWarnings("serial")
final class StoreError extends Exception {
    StoreError(String name) { super(name, null, false, false); }
}

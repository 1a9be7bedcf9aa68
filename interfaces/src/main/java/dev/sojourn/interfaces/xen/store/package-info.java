/**
 * The store by which a guest of Xen's and its host tell each other things: a tree of small values with watches and
 * transactions, and the ring through which a guest uses it. {@link dev.sojourn.interfaces.xen.store.Store} is the tree as the
 * host sees it, {@link dev.sojourn.interfaces.xen.store.StoreServer} serves the guest.
 */
package dev.sojourn.interfaces.xen.store;

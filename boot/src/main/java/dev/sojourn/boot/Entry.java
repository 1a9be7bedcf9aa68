package dev.sojourn.boot;

/** The ways into a kernel. */
public enum Entry {
    /** 32-bit entry of the unpacked kernel with a start-info structure; nothing is left for the guest to unpack. */
    PVH,

    /** 64-bit entry with a zero page and identity page tables (Linux boot protocol, "64-bit Boot Protocol"). */
    LINUX_64,

    /** 32-bit entry with a zero page (Linux boot protocol, "32-bit Boot Protocol"). */
    LINUX_32,

    /** The first of the above that the kernel has. */
    AUTO
}

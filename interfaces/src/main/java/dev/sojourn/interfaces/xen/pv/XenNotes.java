package dev.sojourn.interfaces.xen.pv;

import dev.sojourn.boot.image.BadImage;
import dev.sojourn.boot.image.ElfImage;
import java.nio.charset.StandardCharsets;

/**
 * What a kernel's notes tell the builder of a domain (public/elfnote.h).
 *
 * @param entry where it begins
 * @param virtualBase what is added to a physical address for the first mappings, less the offset of those addresses
 * @param frameListAt where it wants the list of its frames; 0 for anywhere behind it
 * @param initrdByFrame whether it finds an initrd that is not mapped
 */
record XenNotes(long entry, long virtualBase, long frameListAt, boolean initrdByFrame) {
    private static final int ENTRY = 1;
    private static final int VIRT_BASE = 3;
    private static final int PADDR_OFFSET = 4;
    private static final int XEN_VERSION = 5;
    private static final int INIT_P2M = 15;
    private static final int MOD_START_PFN = 16;
    private static final String VERSION = "xen-3.0";

    /** @throws BadImage if the kernel is not one for paravirtual guests */
    static XenNotes of(ElfImage image) throws BadImage {
        String version = new String(image.xenNote(XEN_VERSION).orElse(new byte[0]), StandardCharsets.ISO_8859_1);
        if (image.xenNumber(ENTRY).isEmpty() || image.xenNumber(VIRT_BASE).isEmpty() || !version.startsWith(VERSION)) {
            throw new BadImage("The kernel has no entry for paravirtual Xen guests;"
                    + " give one built with CONFIG_XEN_PV, or choose another interface.");
        }
        long base = image.xenNumber(VIRT_BASE).getAsLong() - image.xenNumber(PADDR_OFFSET).orElse(0);
        long list = image.xenNumber(INIT_P2M).orElse(0);
        boolean usable = (list & 0xfff) == 0 && Long.compareUnsigned(list, base) < 0 && list << 16 >> 16 == list
                && !HypervisorHole.contains(list);
        boolean byFrame = image.xenNumber(MOD_START_PFN).orElse(0) != 0;
        return new XenNotes(image.xenNumber(ENTRY).getAsLong(), base, usable ? list : 0, byFrame);
    }
}

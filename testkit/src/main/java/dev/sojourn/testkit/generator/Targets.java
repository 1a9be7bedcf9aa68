package dev.sojourn.testkit.generator;

import dev.sojourn.testkit.oracle.Layout;

/** Addresses that memory operands and branches aim at. */
final class Targets {
    private static final int WINDOW_REACH = 0xc0;

    private Targets() {}

    /** Somewhere in the windows, without leaving them for that many bytes. */
    static long plain(Chance chance, int bytes) {
        if (bytes > WINDOW_REACH) {
            return Layout.BOUNDARY_WINDOW;
        }
        return switch (chance.below(4)) {
            case 0 -> Layout.SECOND_WINDOW + chance.below(Layout.SECOND_WINDOW_BYTES - bytes + 1);
            case 1 -> Layout.LAST_WINDOW + chance.below(Layout.LAST_WINDOW_BYTES - bytes + 1);
            default -> Layout.BOUNDARY_WINDOW + chance.below(Layout.BOUNDARY_WINDOW_BYTES - bytes + 1);
        };
    }

    /** Anywhere: mostly in the windows, often at an edge, now and then where there is nothing. */
    static long any(Chance chance, int bytes, int alignment) {
        int inside = chance.below(bytes);
        long address = switch (chance.below(40)) {
            case 0, 1, 2, 3 -> Layout.SECOND - inside;
            case 4, 5, 6 -> Layout.LAST_END - bytes;
            case 7, 8 -> Layout.LAST_END - inside;
            case 9, 10 -> Layout.READ_ONLY - inside;
            case 11 -> Layout.READ_ONLY + chance.below(Layout.PAGE_BYTES - bytes);
            case 12 -> Layout.FIRST - inside;
            case 13 -> Layout.LAST - inside;
            case 14 -> chance.bits() & 0xffff_ffffL;
            case 15 -> wild(chance);
            default -> plain(chance, bytes);
        };
        return chance.oneIn(10) ? address : address & -alignment;
    }

    /** Where a branch goes: mostly to code, which is all breakpoints. */
    static long branch(Chance chance, boolean bits32) {
        long address = switch (chance.below(16)) {
            case 0 -> plain(chance, 8);
            case 1 -> chance.bits() & 0xffff_ffffL;
            case 2 -> wild(chance);
            default -> Layout.CODE + chance.below(Layout.CODE_BYTES);
        };
        return bits32 ? address & 0xffff_ffffL : address;
    }

    /** Far up: not canonical, or in the kernel's half, but not where the kernel maps its legacy page. */
    private static long wild(Chance chance) {
        return switch (chance.below(4)) {
            case 0 -> 0x8000_0000_0000L;
            case 1 -> 0xffff_7fff_ffff_ffffL;
            case 2 -> chance.bits() | Long.MIN_VALUE;
            default -> chance.bits() & Long.MAX_VALUE | 1L << 50;
        };
    }
}

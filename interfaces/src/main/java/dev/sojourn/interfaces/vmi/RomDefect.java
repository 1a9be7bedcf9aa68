package dev.sojourn.interfaces.vmi;

import java.util.Locale;

/** What is wrong with a ROM, for tests of guests: how they refuse it, or get along with it. */
enum RomDefect {
    /** Nothing. */
    NO,
    /** A licence that kernels do not accept. */
    LICENCE,
    /** An API they do not speak. */
    MAJOR,
    /** No PCI data structure. */
    PCI,
    /** A device nobody knows, which they accept with a warning. */
    DEVICE,
    /** Initialisation fails. */
    INITIALISE,
    /** Only the two calls are offered that a kernel cannot do without: returns from interrupts and system calls. */
    LEAST;

    /** The end of an interface's name by which a test asks for it. */
    String id() { return name().toLowerCase(Locale.ROOT); }
}

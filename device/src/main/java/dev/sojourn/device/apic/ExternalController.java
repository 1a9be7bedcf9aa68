package dev.sojourn.device.apic;

/** The controller outside the APICs that answers an ExtINT acknowledge: in a PC, the PIC pair. */
public interface ExternalController {
    /** A PC without one: its bus floats. */
    ExternalController NONE = () -> 0xff;

    /** The interrupt acknowledge cycle; gives the vector. */
    int acknowledge();
}

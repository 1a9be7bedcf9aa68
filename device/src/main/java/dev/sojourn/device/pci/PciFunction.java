package dev.sojourn.device.pci;

/** One function of a PCI device, as configuration accesses see it. */
public interface PciFunction {
    /** @param offset 0 to 255; the access does not cross a multiple of 4
     *  @param size 1, 2 or 4 bytes */
    int readConfiguration(int offset, int size);

    /** @param value {@code size} bytes, upper bits zero */
    void writeConfiguration(int offset, int size, int value);
}

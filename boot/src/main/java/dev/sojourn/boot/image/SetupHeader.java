package dev.sojourn.boot.image;

import dev.sojourn.boot.bytes.LittleEndian;

/**
 * What the setup header of a bzImage says (Linux boot protocol, "The Real-Mode Kernel Header").
 *
 * <p>A field that the image's protocol version does not have is given the value that the protocol states for that case.
 *
 * @param version protocol version, major in the high byte
 * @param end file offset of the first byte behind the header
 * @param protectedOffset file offset of the protected-mode part
 * @param protectedBytes its length
 * @param initrdAddressMax last address that the initrd may occupy
 * @param commandLineBytesMax length of the longest command line, without the zero at its end
 * @param xloadFlags see {@link #KERNEL_64}
 * @param payloadOffset file offset of the packed kernel, 0 where the header does not tell
 * @param loadAddress where the protected-mode part goes
 * @param memoryBytes what the kernel needs from there on until it has read its memory map
 */
public record SetupHeader(
        int version,
        int end,
        int protectedOffset,
        int protectedBytes,
        long initrdAddressMax,
        int commandLineBytesMax,
        int xloadFlags,
        int payloadOffset,
        int payloadBytes,
        long loadAddress,
        long memoryBytes) {

    /** A flag in {@code xloadFlags}: the protected-mode part has a 64-bit entry at 0x200. */
    public static final int KERNEL_64 = 1;

    static final int SETUP_SECTORS = 0x1f1;
    static final int PROTECTED_PARAGRAPHS = 0x1f4;
    static final int BOOT_FLAG = 0x1fe;
    static final int HEADER_LENGTH = 0x201;
    static final int SIGNATURE = 0x202;
    static final int VERSION = 0x206;
    static final int LOAD_FLAGS = 0x211;
    static final int INITRD_ADDRESS_MAX = 0x22c;
    static final int XLOAD_FLAGS = 0x236;
    static final int COMMAND_LINE_SIZE = 0x238;
    static final int PAYLOAD_OFFSET = 0x248;
    static final int PAYLOAD_LENGTH = 0x24c;
    static final int PREFERRED_ADDRESS = 0x258;
    static final int INIT_SIZE = 0x260;

    private static final int SECTOR_BYTES = 512;
    private static final int LOADED_HIGH = 1;
    private static final long HIGH_LOAD_ADDRESS = 0x10_0000;

    /** Old kernels do not state their need; unpacked they take at most about this many times the packed size. */
    private static final int OLD_KERNEL_RATIO = 6;

    /** The file has been seen to hold the signature and {@link BzImage#HEADER_END_MAX} bytes. */
    static SetupHeader read(byte[] file) throws BadImage {
        int version = LittleEndian.u16(file, VERSION);
        if (version < 0x200 || (file[LOAD_FLAGS] & LOADED_HIGH) == 0) {
            throw new BadImage("The kernel is a zImage from before Linux 2.6; give a bzImage.");
        }
        int sectors = LittleEndian.u8(file, SETUP_SECTORS);
        int protectedOffset = ((sectors == 0 ? 4 : sectors) + 1) * SECTOR_BYTES;
        long stated = (LittleEndian.u32(file, PROTECTED_PARAGRAPHS) & 0xffff_ffffL) << 4;
        long there = file.length - protectedOffset;
        // The size is stated in units of 16 bytes, so the last unit may be cut short.
        if (stated == 0 || stated - 15 > there) {
            throw new BadImage("The kernel image should have " + (protectedOffset + stated) + " bytes but has "
                    + file.length + "; it may be an interrupted download, so fetch it again.");
        }
        int protectedBytes = (int) Math.min(stated, there);
        long payloadOffset = version >= 0x208 ? LittleEndian.u32(file, PAYLOAD_OFFSET) & 0xffff_ffffL : 0;
        long payloadBytes = version >= 0x208 ? LittleEndian.u32(file, PAYLOAD_LENGTH) & 0xffff_ffffL : 0;
        if (payloadOffset + payloadBytes > protectedBytes) {
            throw new BadImage("The kernel image states a packed kernel that reaches past its end;"
                    + " the file is damaged, so fetch it again.");
        }
        boolean statesNeed = version >= 0x20a;
        return new SetupHeader(
                version,
                Math.min(SIGNATURE + LittleEndian.u8(file, HEADER_LENGTH), BzImage.HEADER_END_MAX),
                protectedOffset,
                protectedBytes,
                version >= 0x203 ? LittleEndian.u32(file, INITRD_ADDRESS_MAX) & 0xffff_ffffL : 0x37ff_ffff,
                version >= 0x206 ? LittleEndian.u32(file, COMMAND_LINE_SIZE) & 0x7fff_ffff : 255,
                version >= 0x20c ? LittleEndian.u16(file, XLOAD_FLAGS) : 0,
                payloadBytes == 0 ? 0 : protectedOffset + (int) payloadOffset,
                (int) payloadBytes,
                statesNeed ? LittleEndian.u64(file, PREFERRED_ADDRESS) : HIGH_LOAD_ADDRESS,
                statesNeed
                        ? Math.max(LittleEndian.u32(file, INIT_SIZE) & 0xffff_ffffL, protectedBytes)
                        : (long) protectedBytes * OLD_KERNEL_RATIO);
    }
}

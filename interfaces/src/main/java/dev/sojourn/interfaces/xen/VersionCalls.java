package dev.sojourn.interfaces.xen;

/** xen_version: which Xen this is (public/version.h). */
final class VersionCalls {
    static final int MAJOR = 4;
    static final int MINOR = 17;

    private static final int VERSION = 0;
    private static final int EXTRA_VERSION = 1;
    private static final int COMPILE_INFO = 2;
    private static final int CAPABILITIES = 3;
    private static final int CHANGESET = 4;
    private static final int PLATFORM_PARAMETERS = 5;
    private static final int GET_FEATURES = 6;
    private static final int PAGE_SIZE = 7;
    private static final int GUEST_HANDLE = 8;
    private static final int COMMAND_LINE = 9;

    private final Domain domain;

    VersionCalls(Domain domain) { this.domain = domain; }

    long call(Vcpu caller, long command, long at) {
        if (command < 0 || command > COMMAND_LINE) {
            return command == COMMAND_LINE + 1 ? Errno.ENOENT : Errno.ENOSYS;
        }
        GuestPointers memory = caller.pointers;
        switch ((int) command) {
            case VERSION -> {
                return MAJOR << 16 | MINOR;
            }
            case EXTRA_VERSION -> memory.text(at, 16, ".7-sojourn");
            case COMPILE_INFO -> compileInfo(memory, at);
            case CAPABILITIES -> memory.text(at, 1024, "xen-3.0-x86_64 hvm-3.0-x86_32p hvm-3.0-x86_64");
            case CHANGESET -> memory.text(at, 64, "none");
            case PLATFORM_PARAMETERS -> memory.put64(at, domain.kind().virtualStart());
            case GET_FEATURES -> {
                if (memory.u32(at) != 0) {
                    return Errno.EINVAL;
                }
                memory.put32(at + 4, domain.kind().features());
            }
            case PAGE_SIZE -> {
                return at == 0 ? 4096 : Errno.EINVAL;
            }
            case GUEST_HANDLE -> memory.write(at, domain.uuid());
            default -> memory.text(at, 1024, "");
        }
        return 0;
    }

    /** Compiler 64 bytes, who 16, where 32, when 32. */
    private void compileInfo(GuestPointers memory, long at) {
        memory.text(at, 64, "javac 25");
        memory.text(at + 64, 16, "sojourn");
        memory.text(at + 80, 32, "sojourn");
        memory.text(at + 112, 32, "");
    }
}

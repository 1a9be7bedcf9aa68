package dev.sojourn.share;

import java.util.Arrays;

/** The requests that are served, by their numbers. */
enum Opcode {
    LOOKUP(1, false), FORGET(2, false), GETATTR(3, false), SETATTR(4, true), READLINK(5, false), SYMLINK(6, true), MKNOD(8, true),
    MKDIR(9, true), UNLINK(10, true), RMDIR(11, true), RENAME(12, true), LINK(13, true), OPEN(14, false), READ(15, false),
    WRITE(16, true), STATFS(17, false), RELEASE(18, false), FSYNC(20, false), FLUSH(25, false), INIT(26, false), OPENDIR(27, false),
    READDIR(28, false), RELEASEDIR(29, false), FSYNCDIR(30, false), ACCESS(34, false), CREATE(35, true), INTERRUPT(36, false),
    DESTROY(38, false), BATCH_FORGET(42, false), READDIRPLUS(44, false), RENAME2(45, true), SYNCFS(50, false),
    /** Whatever else: the guest's kernel does without. */
    OTHER(0, false);

    private static final Opcode[] BY_NUMBER = new Opcode[64];

    static {
        Arrays.fill(BY_NUMBER, OTHER);
        for (Opcode opcode : values()) {
            BY_NUMBER[opcode.number] = opcode;
        }
    }

    /** Whether it changes the shared directory. */
    final boolean writes;
    private final int number;

    Opcode(int number, boolean writes) {
        this.number = number;
        this.writes = writes;
    }

    static Opcode of(int number) { return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : OTHER; }
}

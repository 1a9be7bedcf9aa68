package dev.sojourn.interfaces.xen;

/** The error numbers of Xen's calls, as they are answered: negative (public/errno.h). */
public final class Errno {
    public static final long EPERM = -1;
    public static final long ENOENT = -2;
    public static final long ESRCH = -3;
    public static final long E2BIG = -7;
    public static final long EAGAIN = -11;
    public static final long ENOMEM = -12;
    public static final long EFAULT = -14;
    public static final long EBUSY = -16;
    public static final long EEXIST = -17;
    public static final long EINVAL = -22;
    public static final long ENOSPC = -28;
    public static final long ENOSYS = -38;
    public static final long ETIME = -62;
    public static final long EOPNOTSUPP = -95;

    private Errno() {}
}

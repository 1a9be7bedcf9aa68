/* The shortest way into the kernel and back. */
#include "guest.h"
#include <sys/syscall.h>
#include <unistd.h>

u64 syscalls(long scale) {
    u64 sum = 0;
    for (long i = 0; i < scale * 1000; i++) sum += syscall(SYS_getppid) != 0;
    return sum;
}

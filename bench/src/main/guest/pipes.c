/* Two processes that take turns: each round trip is two switches. */
#include "guest.h"
#include <sys/wait.h>
#include <unistd.h>

u64 pipes(long scale) {
    int there[2], back[2];
    if (pipe(there) || pipe(back)) give_up("pipe");
    pid_t child = fork();
    if (child < 0) give_up("fork");
    if (child == 0) {
        close(there[1]);
        for (u8 byte; read(there[0], &byte, 1) == 1;) {
            byte++;
            if (write(back[1], &byte, 1) != 1) break;
        }
        _exit(0);
    }
    close(there[0]);
    u64 sum = 0;
    for (long i = 0; i < scale * 10; i++) {
        u8 byte = (u8)sum;
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1) give_up("pipe");
        sum += byte;
    }
    close(there[1]);
    waitpid(child, 0, 0);
    return sum;
}

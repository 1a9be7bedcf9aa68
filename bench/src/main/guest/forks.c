/* Processes: fork, exec of this same program, wait. */
#include "guest.h"
#include <sys/wait.h>
#include <unistd.h>

u64 forks(long scale) {
    u64 sum = 0;
    for (long i = 0; i < scale; i++) {
        pid_t child = fork();
        if (child < 0) give_up("fork");
        if (child == 0) {
            execl("/proc/self/exe", "guest", "nothing", (char *)0);
            _exit(127);
        }
        int status;
        waitpid(child, &status, 0);
        sum += status == 0;
    }
    return sum;
}

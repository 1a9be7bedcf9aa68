/* guest NAME SCALE: runs one of the programs and prints NAME SCALE checksum nanoseconds. */
#include "guest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *name;
    u64 (*run)(long scale);
} programs[] = {
    {"integer", integer}, {"memory", memory}, {"scatter", scatter}, {"branches", branches}, {"doubles", doubles},
    {"x87", x87}, {"syscalls", syscalls}, {"pipes", pipes}, {"faults", faults}, {"forks", forks},
};

void give_up(const char *what) {
    perror(what);
    exit(1);
}

static u64 now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ul + t.tv_nsec;
}

int main(int count, char **arguments) {
    if (count == 2 && !strcmp(arguments[1], "nothing")) return 0;
    for (unsigned i = 0; count == 3 && i < sizeof programs / sizeof *programs; i++) {
        if (strcmp(arguments[1], programs[i].name)) continue;
        long scale = atol(arguments[2]);
        u64 start = now(), sum = programs[i].run(scale), end = now();
        printf("%s %ld %lx %lu\n", arguments[1], scale, sum, end - start);
        return 0;
    }
    fprintf(stderr, "usage: guest NAME SCALE\n");
    return 2;
}

/* Memory: in order (fill, copy, add up), and scattered over 32 MiB so that translations miss. */
#include "guest.h"
#include <stdlib.h>
#include <string.h>

u64 memory(long scale) {
    enum { WORDS = 1 << 17 };
    static u64 from[WORDS], to[WORDS];
    u64 sum = 0;
    for (long round = 0; round < scale; round++) {
        for (u64 i = 0; i < WORDS; i++) from[i] = i ^ round;
        memcpy(to, from, sizeof to);
        for (u64 i = 0; i < WORDS; i += 3) sum += to[i];
    }
    return sum;
}

u64 scatter(long scale) {
    enum { WORDS = 1 << 23 };
    u32 *words = calloc(WORDS, sizeof *words);
    if (!words) give_up("calloc");
    u32 random = 1, sum = 0;
    for (long i = 0; i < scale * 1000; i++) {
        u32 at = next_random(&random) >> 9;
        sum += words[at]++ + at;
    }
    free(words);
    return sum;
}

/* Page faults: the first touch of each page of a fresh mapping. */
#include "guest.h"
#include <sys/mman.h>

u64 faults(long scale) {
    enum { PAGES = 1000, PAGE_BYTES = 4096 };
    u64 sum = 0;
    for (long round = 0; round < scale; round++) {
        u8 *map = mmap(0, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map == MAP_FAILED) give_up("mmap");
        madvise(map, PAGES * PAGE_BYTES, MADV_NOHUGEPAGE);
        for (int i = 0; i < PAGES; i++) sum += ++map[i * PAGE_BYTES];
        munmap(map, PAGES * PAGE_BYTES);
    }
    return sum;
}

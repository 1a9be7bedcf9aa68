/* Branches that depend on data: a heap sort, and a small stack machine with a jump table. */
#include "guest.h"

static void sink(u32 *heap, long root, long count) {
    for (long child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        if (heap[root] >= heap[child]) return;
        u32 t = heap[root];
        heap[root] = heap[child];
        heap[child] = t;
    }
}

static void sort(u32 *a, long count) {
    for (long i = count / 2; i-- > 0;) sink(a, i, count);
    for (long i = count; i-- > 1;) {
        u32 t = a[0];
        a[0] = a[i];
        a[i] = t;
        sink(a, 0, i);
    }
}

static u32 machine(const u8 *code, long count, u32 top) {
    u32 below = 1;
    for (long i = 0; i < count; i++) {
        switch (code[i] & 7) {
        case 0: top += below; break;
        case 1: top ^= below << 3; break;
        case 2: { u32 t = top; top = below; below = t; break; }
        case 3: top = top >> 1 | top << 31; break;
        case 4: below -= top; break;
        case 5: if (top & 1) below++; break;
        case 6: top *= 5; break;
        default: below = ~below; break;
        }
    }
    return top + below;
}

u64 branches(long scale) {
    enum { COUNT = 20000 };
    static u32 a[COUNT];
    static u8 code[COUNT];
    u32 random = 7, sum = 0;
    for (long round = 0; round < scale; round++) {
        for (int i = 0; i < COUNT; i++) {
            a[i] = next_random(&random) >> 4;
            code[i] = a[i] >> 10;
        }
        sort(a, COUNT);
        for (int i = 0; i < 10; i++) sum = machine(code, COUNT, sum + a[i * 100]);
    }
    return sum;
}

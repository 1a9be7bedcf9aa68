/* Chains of integer arithmetic: multiplication, rotation, a bit-wise checksum. */
#include "guest.h"

static u64 mix(u64 a, u64 b) {
    a ^= b;
    a *= 0x9e3779b97f4a7c15ul;
    a = a << 23 | a >> 41;
    return a + (b >> 7);
}

static u32 checksum(u32 sum, u32 word) {
    for (int bit = 0; bit < 32; bit++) {
        u32 low = (sum ^ word) & 1;
        sum = sum >> 1 ^ (0x82f63b78 & -low);
        word >>= 1;
    }
    return sum;
}

u64 integer(long scale) {
    u64 a = 1, b = 2;
    u32 sum = 0;
    for (long i = 0; i < scale * 1000; i++) {
        a = mix(a, b);
        b = mix(b, a % 1000003);
        sum = checksum(sum, (u32)a);
    }
    return a ^ b ^ sum;
}

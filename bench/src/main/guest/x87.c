/* Arithmetic of 80 bits: a continued fraction, and steps of a falling body. */
#include "guest.h"

u64 x87(long scale) {
    long double height = 0, speed = 100, fraction = 0;
    for (long i = 0; i < scale * 1000; i++) {
        speed -= 0.001L * (9.81L + speed * speed * 0.01L);
        height += 0.001L * speed;
        if (height < 0) speed = 100, height = 0;
        fraction = 1 / (2 + fraction);
    }
    return (u64)(long)((height + fraction) * 1e9L);
}

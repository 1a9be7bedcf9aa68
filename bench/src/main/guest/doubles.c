/* Double arithmetic, scalar and packed: an iterated map, and products of a matrix and a vector. */
#include "guest.h"
#include <string.h>

u64 doubles(long scale) {
    enum { N = 64 };
    static double matrix[N][N], v[N], w[N];
    double x = 0.3;
    for (int i = 0; i < N; i++) {
        v[i] = i;
        for (int j = 0; j < N; j++) matrix[i][j] = 1.0 / (1 + i + j);
    }
    for (long round = 0; round < scale; round++) {
        for (int i = 0; i < N; i++) w[i] = 0;
        for (int j = 0; j < N; j++)
            for (int i = 0; i < N; i++) w[i] += matrix[j][i] * v[j];
        for (int i = 0; i < N; i++) v[i] = w[i] / (1 + w[0]);
        for (int i = 0; i < 1000; i++) x = 3.75 * x * (1 - x);
    }
    double sum = x + v[N / 2];
    u64 bits;
    memcpy(&bits, &sum, sizeof bits);
    return bits;
}

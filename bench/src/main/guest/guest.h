/* One small program for each kind of work; SCALE says how often it is done, the answer is a checksum. */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

u64 integer(long scale);
u64 memory(long scale);
u64 scatter(long scale);
u64 branches(long scale);
u64 doubles(long scale);
u64 x87(long scale);
u64 syscalls(long scale);
u64 pipes(long scale);
u64 faults(long scale);
u64 forks(long scale);

/* Repeatable numbers that a compiler cannot foresee. */
static inline u32 next_random(u32 *state) { return *state = *state * 1103515245u + 12345u; }

/* Stops the program: a kernel that refuses what every kernel grants is no kernel to measure. */
void give_up(const char *what);

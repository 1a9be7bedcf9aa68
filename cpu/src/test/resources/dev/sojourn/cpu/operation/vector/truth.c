/*
 * Asks a real processor what MMX and SSE instructions do, for VectorTruthTest. Neither built nor run by the build.
 *
 *   gcc -O1 -mno-red-zone -o truth truth.c && ./truth | gzip -9n > truth.gz     (what the repository holds)
 *   ./truth 20000 > everything                                                  (all cases, to find a first difference)
 *
 * For each instruction: its name and a newline, then KEPT full outputs, then a digest over all CASES outputs (8 bytes).
 * An output is two longs (XMM0; or MM0, RAX or RCX and zero) and an int: MXCSR in bits 0-15, arithmetic flags in
 * bits 16-30, and in bit 31 whether #XM was raised (then the longs are zero). Inputs are not kept: the generator below
 * is written a second time in VectorCase.java and must stay the same.
 *
 * Kinds: output x (XMM0), m (MM0), r (RAX), c (RCX); inputs i (integers), n (shift counts), s (singles), d (doubles),
 * t (text); I: the last byte is an immediate; f: flags are defined.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

typedef uint64_t u64;
typedef uint32_t u32;

#define X(n, k) OP("x." #n, #n " %xmm1, %xmm0", "x" k)
#define M(n, k) OP("m." #n, #n " %mm1, %mm0", "m" k)
#define B(n, k) X(n, k) M(n, k)
#define XI(n, k) OP("x." #n, #n " $0x55, %xmm1, %xmm0", "xI" k)
#define MI(n, k) OP("m." #n, #n " $0x55, %mm1, %mm0", "mI" k)
#define S(n) B(n, "n") OP("x." #n "i", #n " $0x55, %xmm0", "xIi") OP("m." #n "i", #n " $0x55, %mm0", "mIi")
#define FOUR(n) X(n##ps, "s") X(n##ss, "s") X(n##pd, "d") X(n##sd, "d")

#define LIST \
  B(paddb,"i") B(paddw,"i") B(paddd,"i") B(paddq,"i") B(psubb,"i") B(psubw,"i") B(psubd,"i") B(psubq,"i") \
  B(paddsb,"i") B(paddsw,"i") B(paddusb,"i") B(paddusw,"i") B(psubsb,"i") B(psubsw,"i") B(psubusb,"i") B(psubusw,"i") \
  B(pavgb,"i") B(pavgw,"i") B(pabsb,"i") B(pabsw,"i") B(pabsd,"i") B(psignb,"i") B(psignw,"i") B(psignd,"i") \
  B(phaddw,"i") B(phaddd,"i") B(phaddsw,"i") B(phsubw,"i") B(phsubd,"i") B(phsubsw,"i") \
  B(pmullw,"i") B(pmulhw,"i") B(pmulhuw,"i") B(pmulhrsw,"i") X(pmulld,"i") B(pmuludq,"i") X(pmuldq,"i") B(pmaddwd,"i") \
  B(pmaddubsw,"i") B(psadbw,"i") XI(mpsadbw,"i") X(phminposuw,"i") \
  B(pcmpeqb,"i") B(pcmpeqw,"i") B(pcmpeqd,"i") X(pcmpeqq,"i") B(pcmpgtb,"i") B(pcmpgtw,"i") B(pcmpgtd,"i") X(pcmpgtq,"i") \
  B(pminub,"i") X(pminuw,"i") X(pminud,"i") X(pminsb,"i") B(pminsw,"i") X(pminsd,"i") \
  B(pmaxub,"i") X(pmaxuw,"i") X(pmaxud,"i") X(pmaxsb,"i") B(pmaxsw,"i") X(pmaxsd,"i") X(ptest,"if") \
  B(pand,"i") B(pandn,"i") B(por,"i") B(pxor,"i") \
  S(psllw) S(pslld) S(psllq) S(psrlw) S(psrld) S(psrlq) S(psraw) S(psrad) \
  OP("x.pslldq", "pslldq $0x55, %xmm0", "xIi") OP("x.psrldq", "psrldq $0x55, %xmm0", "xIi") \
  B(packsswb,"i") B(packssdw,"i") B(packuswb,"i") X(packusdw,"i") \
  X(pmovsxbw,"i") X(pmovsxbd,"i") X(pmovsxbq,"i") X(pmovsxwd,"i") X(pmovsxwq,"i") X(pmovsxdq,"i") \
  X(pmovzxbw,"i") X(pmovzxbd,"i") X(pmovzxbq,"i") X(pmovzxwd,"i") X(pmovzxwq,"i") X(pmovzxdq,"i") \
  MI(pshufw,"i") XI(pshuflw,"i") XI(pshufhw,"i") XI(pshufd,"i") XI(shufps,"i") XI(shufpd,"i") B(pshufb,"i") \
  XI(palignr,"n") MI(palignr,"n") \
  B(punpcklbw,"i") B(punpckhbw,"i") B(punpcklwd,"i") B(punpckhwd,"i") B(punpckldq,"i") B(punpckhdq,"i") \
  X(unpcklps,"i") X(unpckhps,"i") X(movsldup,"i") X(movshdup,"i") \
  OP("x.pextrb", "pextrb $0x55, %xmm0, %eax", "rIi") OP("x.pextrw", "pextrw $0x55, %xmm0, %eax", "rIi") \
  OP("m.pextrw", "pextrw $0x55, %mm0, %eax", "rIi") OP("x.pextrd", "pextrd $0x55, %xmm0, %eax", "rIi") \
  OP("x.pextrq", "pextrq $0x55, %xmm0, %rax", "rIi") OP("x.pinsrb", "pinsrb $0x55, %ecx, %xmm0", "xIi") \
  OP("x.pinsrw", "pinsrw $0x55, %ecx, %xmm0", "xIi") OP("m.pinsrw", "pinsrw $0x55, %ecx, %mm0", "mIi") \
  OP("x.pinsrd", "pinsrd $0x55, %ecx, %xmm0", "xIi") OP("x.pinsrq", "pinsrq $0x55, %rcx, %xmm0", "xIi") \
  XI(insertps,"i") OP("x.pmovmskb", "pmovmskb %xmm0, %eax", "ri") OP("m.pmovmskb", "pmovmskb %mm0, %eax", "ri") \
  OP("x.movmskps", "movmskps %xmm0, %eax", "ri") OP("x.movmskpd", "movmskpd %xmm0, %eax", "ri") \
  XI(pblendw,"i") XI(blendps,"i") XI(blendpd,"i") \
  OP("x.pblendvb", "movdqa %xmm0, %xmm3; movdqa %xmm2, %xmm0; pblendvb %xmm0, %xmm1, %xmm3; movdqa %xmm3, %xmm0", "xi") \
  OP("x.blendvps", "movdqa %xmm0, %xmm3; movdqa %xmm2, %xmm0; blendvps %xmm0, %xmm1, %xmm3; movdqa %xmm3, %xmm0", "xi") \
  OP("x.blendvpd", "movdqa %xmm0, %xmm3; movdqa %xmm2, %xmm0; blendvpd %xmm0, %xmm1, %xmm3; movdqa %xmm3, %xmm0", "xi") \
  OP("crc32b", "crc32b %cl, %eax", "ri") OP("crc32w", "crc32w %cx, %eax", "ri") \
  OP("crc32l", "crc32l %ecx, %eax", "ri") OP("crc32q", "crc32q %rcx, %rax", "ri") \
  OP("pcmpistri", "pcmpistri $0x55, %xmm1, %xmm0", "cItf") OP("pcmpestri", "pcmpestri $0x55, %xmm1, %xmm0", "cItf") \
  OP("pcmpistrm", "pcmpistrm $0x55, %xmm1, %xmm0", "xItf") OP("pcmpestrm", "pcmpestrm $0x55, %xmm1, %xmm0", "xItf") \
  OP("pcmpestriq", ".byte 0x66, 0x48, 0x0f, 0x3a, 0x61, 0xc1, 0x55", "cItf") \
  FOUR(add) FOUR(sub) FOUR(mul) FOUR(div) FOUR(sqrt) FOUR(min) FOUR(max) \
  OP("x.cmpps", "cmpps $0x5, %xmm1, %xmm0", "xIs") OP("x.cmpss", "cmpss $0x5, %xmm1, %xmm0", "xIs") \
  OP("x.cmppd", "cmppd $0x5, %xmm1, %xmm0", "xId") OP("x.cmpsd", "cmpsd $0x5, %xmm1, %xmm0", "xId") \
  X(comiss,"sf") X(ucomiss,"sf") X(comisd,"df") X(ucomisd,"df") \
  X(addsubps,"s") X(addsubpd,"d") X(haddps,"s") X(haddpd,"d") X(hsubps,"s") X(hsubpd,"d") XI(dpps,"s") XI(dppd,"d") \
  XI(roundps,"s") XI(roundss,"s") XI(roundpd,"d") XI(roundsd,"d") \
  OP("cvtsi2sd32", "cvtsi2sdl %eax, %xmm0", "xn") OP("cvtsi2sd64", "cvtsi2sdq %rax, %xmm0", "xn") \
  OP("cvtsi2ss32", "cvtsi2ssl %eax, %xmm0", "xn") OP("cvtsi2ss64", "cvtsi2ssq %rax, %xmm0", "xn") \
  OP("cvtsd2si32", "cvtsd2si %xmm0, %eax", "rd") OP("cvtsd2si64", "cvtsd2si %xmm0, %rax", "rd") \
  OP("cvttsd2si32", "cvttsd2si %xmm0, %eax", "rd") OP("cvttsd2si64", "cvttsd2si %xmm0, %rax", "rd") \
  OP("cvtss2si32", "cvtss2si %xmm0, %eax", "rs") OP("cvtss2si64", "cvtss2si %xmm0, %rax", "rs") \
  OP("cvttss2si32", "cvttss2si %xmm0, %eax", "rs") OP("cvttss2si64", "cvttss2si %xmm0, %rax", "rs") \
  X(cvtdq2ps,"i") X(cvtdq2pd,"i") X(cvtps2dq,"s") X(cvttps2dq,"s") X(cvtpd2dq,"d") X(cvttpd2dq,"d") \
  X(cvtps2pd,"s") X(cvtpd2ps,"d") X(cvtss2sd,"s") X(cvtsd2ss,"d") \
  OP("cvtpi2ps", "cvtpi2ps %mm1, %xmm0", "xi") OP("cvtpi2pd", "cvtpi2pd %mm1, %xmm0", "xi") \
  OP("cvtps2pi", "cvtps2pi %xmm1, %mm0", "ms") OP("cvttps2pi", "cvttps2pi %xmm1, %mm0", "ms") \
  OP("cvtpd2pi", "cvtpd2pi %xmm1, %mm0", "md") OP("cvttpd2pi", "cvttpd2pi %xmm1, %mm0", "md")

struct op { const char *name; const char *kind; const unsigned char *from; const unsigned char *to; };

#define OP(n, a, k) \
  asm(".pushsection .rodata; 1: " a "; 2: ret; 3: .popsection\n" \
      ".pushsection .data.code, \"aw\"; .quad 1b, 2b; .popsection");
LIST
#undef OP
asm(".pushsection .data.code, \"aw\"; .globl codes; .popsection");
#define OP(n, a, k) { n, k, 0, 0 },
static struct op ops[] = { LIST };
extern const unsigned char *codes_start[] asm("codes_begin");
asm(".pushsection .data.code, \"aw\"; .subsection -1; codes_begin: .popsection");

/* ---- the inputs; VectorCase.java says the same ---- */

static u64 state;

static u64 next(void) {
    u64 z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static u64 nameSeed(const char *s) {
    u64 h = 0;
    while (*s) h = h * 31 + (unsigned char) *s++;
    return h;
}

static u64 lanes(int bits) {
    u64 value = 0;
    u64 ones = bits == 64 ? ~0ull : (1ull << bits) - 1;
    for (int at = 0; at < 64; at += bits) {
        u64 r = next();
        u64 lane;
        switch (r >> 60) {
            case 0: case 1: lane = 0; break;
            case 2: lane = 1; break;
            case 3: case 4: lane = ones; break;
            case 5: case 6: lane = ones >> 1; break;
            case 7: case 8: lane = (ones >> 1) + 1; break;
            default: lane = r & ones;
        }
        value |= lane << at;
    }
    return value;
}

static u64 integer(void) {
    u64 r = next();
    switch (r & 7) {
        case 0: return lanes(8);
        case 1: return lanes(16);
        case 2: return lanes(32);
        case 3: return lanes(64);
        default: return next();
    }
}

static u64 similar(u64 other) {
    u64 r = next();
    u64 fresh = integer();
    return (r & 3) == 0 ? other ^ (fresh & 0xff00) : fresh;
}

/* One floating-point value with so many fraction and exponent bits. */
static u64 real(int fractionBits, int exponentBits, u64 before) {
    u64 r = next();
    u64 m = next();
    u64 fraction = m & ((1ull << fractionBits) - 1);
    u64 sign = (r >> 8 & 1) << (fractionBits + exponentBits);
    u64 top = (1ull << exponentBits) - 1;
    u64 bias = top >> 1;
    u64 exponent;
    switch (r & 15) {
        case 0:
            exponent = (r >> 9 & 1) ? top : (r >> 10 & 1) ? 0 : bias + (r >> 16) % 66;
            if (r >> 11 & 1) fraction = 0;
            break;
        case 1: {
            static const int exponents[] = {0, 0, 0, 1, 1, 2};
            exponent = exponents[(r >> 16) % 6];
            if (r >> 11 & 1) fraction = (r >> 12 & 1) ? 1 : (1ull << fractionBits) - 1;
            break;
        }
        case 2: exponent = top - 1 - (r >> 16) % 3; if (r >> 11 & 1) fraction = (1ull << fractionBits) - 1; break;
        case 3: exponent = 0; fraction >>= (r >> 16) % fractionBits; break;
        case 4: exponent = bias / 2 - 2 + (r >> 16) % 5; break;
        case 5: exponent = bias + bias / 2 - 2 + (r >> 16) % 5; break;
        case 6: exponent = bias + (r >> 16) % 35; fraction &= ~0ull << (fractionBits - 4); break;
        case 7: exponent = bias - 2 + (r >> 16) % 5; fraction &= ~0ull << (fractionBits - 3); break;
        case 8: exponent = 0; fraction = 0; break;
        case 9: return before ^ (r >> 9 & 1) << (fractionBits + exponentBits) ^ (r >> 10 & 1);
        case 10: exponent = bias / 2 - fractionBits + (r >> 16) % (2 * fractionBits); break;
        case 11: exponent = m >> 53 & top; break;
        case 12: exponent = bias - 1 - (r >> 16) % 3; if (r >> 11 & 1) fraction = (1ull << fractionBits) - 1; break;
        case 13: exponent = bias + fractionBits - 2 + (r >> 16) % 4; break;
        default: exponent = bias - 2 + (r >> 16) % 5;
    }
    return sign | exponent << fractionBits | fraction;
}

static u64 singles(u64 before) {
    u64 low = real(23, 8, before & 0xffffffff);
    return low | real(23, 8, before >> 32) << 32;
}

static u64 text(void) {
    u64 r = next();
    u64 value = 0;
    u64 most = (r & 1) ? 4 : 255;
    if (r & 2) for (int at = 0; at < 64; at += 8) value |= (next() >> 32) % (most + 1) << at;
    else for (int at = 0; at < 64; at += 16) value |= (next() >> 32) % (most + 1) << at;
    return (r >> 8 & 3) ? value : value | 0x0101010101010101u;
}

struct in { u64 a[2], b[2], c[2]; u32 immediate, mxcsr; };

static void generate(struct in *in, const char *kind) {
    u64 r = next();
    u64 sticky = r >> 8 & 0x3f;
    u32 masks = (r & 3) ? 0x3f : r >> 16 & 0x3f;
    u32 zeros = (r >> 24 & 3) ? 0 : r >> 26 & 3;
    u32 rounding = (r >> 28 & 1) ? r >> 29 & 3 : 0;
    in->immediate = r >> 32 & 0xff;
    in->mxcsr = sticky | (zeros & 1) << 6 | masks << 7 | rounding << 13 | (zeros >> 1) << 15;
    u64 *v[6] = { in->a, in->a + 1, in->b, in->b + 1, in->c, in->c + 1 };
    u64 before = 0;
    int lengths = r >> 40 & 1;
    for (int i = 0; i < 6; i++) {
        before = strchr(kind, 's') ? singles(i < 2 ? before : *v[i - 2])
            : strchr(kind, 'd') ? real(52, 11, i < 2 ? before : *v[i - 2])
            : strchr(kind, 't') ? text()
            : similar(i < 2 ? before : *v[i - 2]);
        *v[i] = before;
    }
    if (strchr(kind, 'n')) {
        u64 n = next();
        if (n & 3) in->b[0] = (n >> 8) % 72;
        if (n & 4) in->a[0] = (u64) ((int64_t) in->a[0] >> (n >> 16) % 64);
        if (n & 8) in->immediate = (n >> 32) % 36;
    }
    if (strchr(kind, 't') && lengths) {
        u64 n = next();
        in->c[0] = (u64) ((int64_t) (n & 63) - 31);
        in->c[1] = (u64) ((int64_t) (n >> 8 & 63) - 31);
    } else if (strchr(kind, 't')) {
        in->c[0] = 8 + (next() & 15);
        in->c[1] = 8 + (next() & 15);
    }
}

/* ---- running one ---- */

static unsigned char *code;
static size_t codeBytes;
static volatile int faulted;

static void onFault(int s, siginfo_t *info, void *context) {
    ucontext_t *u = context;
    faulted = 1;
    u->uc_mcontext.gregs[REG_RIP] = (greg_t) (code + codeBytes);
}

struct out { u64 r[2]; u32 status; };

static void run(const struct op *op, struct in *in, struct out *out) {
    struct { u64 x[2], m, rax, rcx, flags; u32 mxcsr, normal; } o;
    int t = strchr(op->kind, 't') != 0;
    u64 rax = t ? in->c[0] : in->a[0], rdx = t ? in->c[1] : in->c[0], rcx = in->b[0];
    o.normal = 0x1f80;
    faulted = 0;
    asm volatile(
        "movdqu (%[in]), %%xmm0; movdqu 16(%[in]), %%xmm1; movdqu 32(%[in]), %%xmm2\n"
        "movq (%[in]), %%mm0; movq 16(%[in]), %%mm1; ldmxcsr 52(%[in])\n"
        "mov %[o], %%r12; xor %%r8d, %%r8d\n"
        "call *%[code]\n"
        "pushfq; popq 40(%%r12); movdqu %%xmm0, (%%r12); movq %%mm0, 16(%%r12); mov %%rax, 24(%%r12); mov %%rcx, 32(%%r12)\n"
        "stmxcsr 48(%%r12); ldmxcsr 52(%%r12); emms\n"
        : "+a"(rax), "+d"(rdx), "+c"(rcx)
        : [in] "S"(in), [o] "D"(&o), [code] "b"(code)
        : "memory", "cc", "r8", "r12", "xmm0", "xmm1", "xmm2", "xmm3");
    memset(out, 0, sizeof *out);
    if (!faulted) {
        switch (op->kind[0]) {
            case 'x': out->r[0] = o.x[0]; out->r[1] = o.x[1]; break;
            case 'm': out->r[0] = o.m; break;
            case 'r': out->r[0] = o.rax; break;
            default: out->r[0] = o.rcx;
        }
    }
    out->status = (o.mxcsr & 0xffff) | (u32) faulted << 31;
    if (!faulted && strchr(op->kind, 'f')) out->status |= (o.flags & 0x8d5) << 16;
}

int main(int argc, char **argv) {
    int kept = argc > 1 ? atoi(argv[1]) : 16;
    int cases = argc > 1 ? kept : 20000;
    struct sigaction action = { .sa_sigaction = onFault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    sigaction(SIGFPE, &action, 0);
    code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        struct op *op = ops + i;
        op->from = codes_start[2 * i];
        op->to = codes_start[2 * i + 1];
        codeBytes = op->to - op->from;
        memcpy(code, op->from, codeBytes + 1);
        state = nameSeed(op->name);
        printf("%s\n", op->name);
        u64 digest = 0;
        for (int n = 0; n < cases; n++) {
            struct in in;
            struct out out;
            generate(&in, op->kind);
            if (strchr(op->kind, 'I')) code[codeBytes - 1] = strstr(op->name, "x.cmp") ? in.immediate & 7 : in.immediate;
            run(op, &in, &out);
            u64 words[3] = { out.r[0], out.r[1], out.status };
            for (int w = 0; w < 3; w++) digest = (digest ^ words[w]) * 0x9e3779b97f4a7c15u, digest ^= digest >> 29;
            if (n < kept) fwrite(words, 8, 2, stdout), fwrite(words + 2, 4, 1, stdout);
        }
        fwrite(&digest, 8, 1, stdout);
    }
    return 0;
}

package dev.sojourn.cpu.operation.vector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** How each instruction of the truth file is made of operations: a rehearsal of what an engine does. */
final class VectorTable {
    record Row(String kind, Consumer<VectorCase> action) {}

    interface Half { long of(Mxcsr m, long a, long b); }

    interface Single { int of(Mxcsr m, int a, int b); }

    interface Ordered { long of(long a, long b, int immediate); }

    final Map<String, Row> rows = new LinkedHashMap<>();

    VectorTable() {
        sums();
        products();
        comparisons();
        shifts();
        packs();
        shuffles();
        lanes();
        strings();
        arithmetic();
        floatComparisons();
        conversions();
    }

    private void row(String name, String kind, Consumer<VectorCase> action) {
        if (rows.put(name, new Row(kind, action)) != null) throw new AssertionError(name + " twice");
    }

    private void xmm(String name, String kind, LongBinaryOperator half) {
        row("x." + name, kind, c -> set(c, half.applyAsLong(c.aLow, c.bLow), half.applyAsLong(c.aHigh, c.bHigh)));
    }

    private void both(String name, LongBinaryOperator half) {
        xmm(name, "i", half);
        mmx(name, half);
    }

    private void mmx(String name, LongBinaryOperator half) {
        row("m." + name, "i", c -> set(c, half.applyAsLong(c.aLow, c.bLow), 0));
    }

    private void pair(String name, LongBinaryOperator pack) {
        row("x." + name, "i", c -> set(c, pack.applyAsLong(c.aLow, c.aHigh), pack.applyAsLong(c.bLow, c.bHigh)));
    }

    private void bothPair(String name, LongBinaryOperator pack) {
        pair(name, pack);
        mmx(name, pack);
    }

    private static void set(VectorCase c, long low, long high) {
        c.r0 = low;
        c.r1 = high;
    }

    private void sums() {
        both("paddb", PackedAdd::paddb);
        both("paddw", PackedAdd::paddw);
        both("paddd", PackedAdd::paddd);
        both("paddq", PackedAdd::paddq);
        both("psubb", PackedAdd::psubb);
        both("psubw", PackedAdd::psubw);
        both("psubd", PackedAdd::psubd);
        both("psubq", PackedAdd::psubq);
        both("paddsb", PackedAdd::paddsb);
        both("paddsw", PackedAdd::paddsw);
        both("paddusb", PackedAdd::paddusb);
        both("paddusw", PackedAdd::paddusw);
        both("psubsb", PackedAdd::psubsb);
        both("psubsw", PackedAdd::psubsw);
        both("psubusb", PackedAdd::psubusb);
        both("psubusw", PackedAdd::psubusw);
        both("pavgb", PackedAdd::pavgb);
        both("pavgw", PackedAdd::pavgw);
        both("pabsb", (_, b) -> PackedAdd.pabsb(b));
        both("pabsw", (_, b) -> PackedAdd.pabsw(b));
        both("pabsd", (_, b) -> PackedAdd.pabsd(b));
        both("psignb", PackedAdd::psignb);
        both("psignw", PackedAdd::psignw);
        both("psignd", PackedAdd::psignd);
        bothPair("phaddw", PackedAdd::phaddw);
        bothPair("phaddd", PackedAdd::phaddd);
        bothPair("phaddsw", PackedAdd::phaddsw);
        bothPair("phsubw", PackedAdd::phsubw);
        bothPair("phsubd", PackedAdd::phsubd);
        bothPair("phsubsw", PackedAdd::phsubsw);
    }

    private void products() {
        both("pmullw", PackedMultiply::pmullw);
        both("pmulhw", PackedMultiply::pmulhw);
        both("pmulhuw", PackedMultiply::pmulhuw);
        both("pmulhrsw", PackedMultiply::pmulhrsw);
        xmm("pmulld", "i", PackedMultiply::pmulld);
        both("pmuludq", PackedMultiply::pmuludq);
        xmm("pmuldq", "i", PackedMultiply::pmuldq);
        both("pmaddwd", PackedMultiply::pmaddwd);
        both("pmaddubsw", PackedMultiply::pmaddubsw);
        both("psadbw", PackedMultiply::psadbw);
        row("x.mpsadbw", "i", c -> set(c,
                PackedMultiply.mpsadbwLow(c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate),
                PackedMultiply.mpsadbwHigh(c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate)));
        row("x.phminposuw", "i", c -> set(c, PackedMultiply.phminposuw(c.bLow, c.bHigh), 0));
    }

    private void comparisons() {
        both("pcmpeqb", PackedCompare::pcmpeqb);
        both("pcmpeqw", PackedCompare::pcmpeqw);
        both("pcmpeqd", PackedCompare::pcmpeqd);
        xmm("pcmpeqq", "i", PackedCompare::pcmpeqq);
        both("pcmpgtb", PackedCompare::pcmpgtb);
        both("pcmpgtw", PackedCompare::pcmpgtw);
        both("pcmpgtd", PackedCompare::pcmpgtd);
        xmm("pcmpgtq", "i", PackedCompare::pcmpgtq);
        both("pminub", PackedCompare::pminub);
        xmm("pminuw", "i", PackedCompare::pminuw);
        xmm("pminud", "i", PackedCompare::pminud);
        xmm("pminsb", "i", PackedCompare::pminsb);
        both("pminsw", PackedCompare::pminsw);
        xmm("pminsd", "i", PackedCompare::pminsd);
        both("pmaxub", PackedCompare::pmaxub);
        xmm("pmaxuw", "i", PackedCompare::pmaxuw);
        xmm("pmaxud", "i", PackedCompare::pmaxud);
        xmm("pmaxsb", "i", PackedCompare::pmaxsb);
        both("pmaxsw", PackedCompare::pmaxsw);
        xmm("pmaxsd", "i", PackedCompare::pmaxsd);
        row("x.ptest", "if", c -> {
            set(c, c.aLow, c.aHigh);
            c.flags = PackedCompare.ptest(c.aLow, c.aHigh, c.bLow, c.bHigh);
        });
        both("pand", PackedLogic::and);
        both("pandn", PackedLogic::andNot);
        both("por", PackedLogic::or);
        both("pxor", PackedLogic::xor);
    }

    private void shift(String name, LongBinaryOperator half) {
        row("x." + name, "n", c -> set(c, half.applyAsLong(c.aLow, c.bLow), half.applyAsLong(c.aHigh, c.bLow)));
        row("m." + name, "n", c -> set(c, half.applyAsLong(c.aLow, c.bLow), 0));
        row("x." + name + "i", "i", c ->
                set(c, half.applyAsLong(c.aLow, c.immediate), half.applyAsLong(c.aHigh, c.immediate)));
        row("m." + name + "i", "i", c -> set(c, half.applyAsLong(c.aLow, c.immediate), 0));
    }

    private void shifts() {
        shift("psllw", PackedShift::psllw);
        shift("pslld", PackedShift::pslld);
        shift("psllq", PackedShift::psllq);
        shift("psrlw", PackedShift::psrlw);
        shift("psrld", PackedShift::psrld);
        shift("psrlq", PackedShift::psrlq);
        shift("psraw", PackedShift::psraw);
        shift("psrad", PackedShift::psrad);
        row("x.pslldq", "i", c -> set(c,
                PackedShift.pslldqLow(c.aLow, c.immediate), PackedShift.pslldqHigh(c.aLow, c.aHigh, c.immediate)));
        row("x.psrldq", "i", c -> set(c,
                PackedShift.psrldqLow(c.aLow, c.aHigh, c.immediate), PackedShift.psrldqHigh(c.aHigh, c.immediate)));
    }

    private void widen(String name, int bits, LongUnaryOperator half) {
        row("x." + name, "i", c -> set(c, half.applyAsLong(c.bLow), half.applyAsLong(c.bLow >>> bits)));
    }

    private void packs() {
        bothPair("packsswb", Pack::packsswb);
        bothPair("packssdw", Pack::packssdw);
        bothPair("packuswb", Pack::packuswb);
        pair("packusdw", Pack::packusdw);
        widen("pmovsxbw", 32, Pack::pmovsxbw);
        widen("pmovsxbd", 16, Pack::pmovsxbd);
        widen("pmovsxbq", 8, Pack::pmovsxbq);
        widen("pmovsxwd", 32, Pack::pmovsxwd);
        widen("pmovsxwq", 16, Pack::pmovsxwq);
        widen("pmovsxdq", 32, Pack::pmovsxdq);
        widen("pmovzxbw", 32, Pack::pmovzxbw);
        widen("pmovzxbd", 16, Pack::pmovzxbd);
        widen("pmovzxbq", 8, Pack::pmovzxbq);
        widen("pmovzxwd", 32, Pack::pmovzxwd);
        widen("pmovzxwq", 16, Pack::pmovzxwq);
        widen("pmovzxdq", 32, Pack::pmovzxdq);
    }

    private void unpack(String name, boolean isHigh, LongBinaryOperator low, LongBinaryOperator high) {
        row("x." + name, "i", c -> set(c,
                low.applyAsLong(isHigh ? c.aHigh : c.aLow, isHigh ? c.bHigh : c.bLow),
                high.applyAsLong(isHigh ? c.aHigh : c.aLow, isHigh ? c.bHigh : c.bLow)));
        if (name.startsWith("p")) mmx(name, isHigh ? high : low);
    }

    private void shuffles() {
        row("m.pshufw", "i", c -> set(c, Shuffle.pshufw(c.bLow, c.immediate), 0));
        row("x.pshuflw", "i", c -> set(c, Shuffle.pshufw(c.bLow, c.immediate), c.bHigh));
        row("x.pshufhw", "i", c -> set(c, c.bLow, Shuffle.pshufw(c.bHigh, c.immediate)));
        row("x.pshufd", "i", c -> set(c,
                Shuffle.pshufdLow(c.bLow, c.bHigh, c.immediate), Shuffle.pshufdHigh(c.bLow, c.bHigh, c.immediate)));
        row("x.shufps", "i", c -> set(c,
                Shuffle.shufpsLow(c.aLow, c.aHigh, c.immediate), Shuffle.shufpsHigh(c.bLow, c.bHigh, c.immediate)));
        row("x.shufpd", "i", c -> set(c,
                Shuffle.shufpdLow(c.aLow, c.aHigh, c.immediate), Shuffle.shufpdHigh(c.bLow, c.bHigh, c.immediate)));
        row("x.pshufb", "i", c -> set(c,
                Shuffle.pshufb(c.aLow, c.aHigh, c.bLow), Shuffle.pshufb(c.aLow, c.aHigh, c.bHigh)));
        mmx("pshufb", Shuffle::pshufb);
        row("x.palignr", "n", c -> set(c,
                Shuffle.palignrLow(c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate),
                Shuffle.palignrHigh(c.aLow, c.aHigh, c.bHigh, c.immediate)));
        row("m.palignr", "n", c -> set(c, Shuffle.palignr(c.aLow, c.bLow, c.immediate), 0));
        unpack("punpcklbw", false, Shuffle::punpcklbw, Shuffle::punpckhbw);
        unpack("punpckhbw", true, Shuffle::punpcklbw, Shuffle::punpckhbw);
        unpack("punpcklwd", false, Shuffle::punpcklwd, Shuffle::punpckhwd);
        unpack("punpckhwd", true, Shuffle::punpcklwd, Shuffle::punpckhwd);
        unpack("punpckldq", false, Shuffle::punpckldq, Shuffle::punpckhdq);
        unpack("punpckhdq", true, Shuffle::punpckldq, Shuffle::punpckhdq);
        unpack("unpcklps", false, Shuffle::punpckldq, Shuffle::punpckhdq);
        unpack("unpckhps", true, Shuffle::punpckldq, Shuffle::punpckhdq);
        xmm("movsldup", "i", (_, b) -> Shuffle.punpckldq(b, b));
        xmm("movshdup", "i", (_, b) -> Shuffle.punpckhdq(b, b));
    }

    private void insert(String name, Ordered low, Ordered high) {
        row("x." + name, "i", c -> set(c, low.of(c.aLow, c.bLow, c.immediate), high.of(c.aHigh, c.bLow, c.immediate)));
    }

    private void blend(String name, int shift, Ordered half) {
        row("x." + name, "i", c -> set(c,
                half.of(c.aLow, c.bLow, c.immediate), half.of(c.aHigh, c.bHigh, c.immediate >> shift)));
    }

    private void lanes() {
        row("x.pextrb", "i", c -> c.r0 = Shuffle.pextrb(c.aLow, c.aHigh, c.immediate));
        row("x.pextrw", "i", c -> c.r0 = Shuffle.pextrw(c.aLow, c.aHigh, c.immediate));
        row("m.pextrw", "i", c -> c.r0 = Shuffle.pextrw(c.aLow, c.immediate));
        row("x.pextrd", "i", c -> c.r0 = Shuffle.pextrd(c.aLow, c.aHigh, c.immediate) & 0xffff_ffffL);
        row("x.pextrq", "i", c -> c.r0 = Shuffle.pextrq(c.aLow, c.aHigh, c.immediate));
        insert("pinsrb", (a, b, i) -> Shuffle.pinsrbLow(a, (int) b, i), (a, b, i) -> Shuffle.pinsrbHigh(a, (int) b, i));
        insert("pinsrw", (a, b, i) -> Shuffle.pinsrwLow(a, (int) b, i), (a, b, i) -> Shuffle.pinsrwHigh(a, (int) b, i));
        row("m.pinsrw", "i", c -> c.r0 = Shuffle.pinsrw(c.aLow, (int) c.bLow, c.immediate));
        insert("pinsrd", (a, b, i) -> Shuffle.pinsrdLow(a, (int) b, i), (a, b, i) -> Shuffle.pinsrdHigh(a, (int) b, i));
        insert("pinsrq", Shuffle::pinsrqLow, Shuffle::pinsrqHigh);
        row("x.insertps", "i", c -> {
            int value = Shuffle.pextrd(c.bLow, c.bHigh, c.immediate >> 6);
            set(c, Shuffle.insertpsLow(c.aLow, value, c.immediate), Shuffle.insertpsHigh(c.aHigh, value, c.immediate));
        });
        row("x.pmovmskb", "i", c -> c.r0 = Shuffle.pmovmskb(c.aLow) | Shuffle.pmovmskb(c.aHigh) << 8);
        row("m.pmovmskb", "i", c -> c.r0 = Shuffle.pmovmskb(c.aLow));
        row("x.movmskps", "i", c -> c.r0 = Shuffle.movmskps(c.aLow, c.aHigh));
        row("x.movmskpd", "i", c -> c.r0 = Shuffle.movmskpd(c.aLow, c.aHigh));
        blend("pblendw", 4, Shuffle::pblendw);
        blend("blendps", 2, Shuffle::blendps);
        blend("blendpd", 1, Shuffle::blendpd);
        row("x.pblendvb", "i", c -> set(c,
                Shuffle.pblendvb(c.aLow, c.bLow, c.cLow), Shuffle.pblendvb(c.aHigh, c.bHigh, c.cHigh)));
        row("x.blendvps", "i", c -> set(c,
                Shuffle.blendvps(c.aLow, c.bLow, c.cLow), Shuffle.blendvps(c.aHigh, c.bHigh, c.cHigh)));
        row("x.blendvpd", "i", c -> set(c,
                Shuffle.blendvpd(c.aLow, c.bLow, c.cLow), Shuffle.blendvpd(c.aHigh, c.bHigh, c.cHigh)));
        row("crc32b", "i", c -> c.r0 = Crc32.crc32((int) c.aLow, (byte) c.bLow) & 0xffff_ffffL);
        row("crc32w", "i", c -> c.r0 = Crc32.crc32((int) c.aLow, (short) c.bLow) & 0xffff_ffffL);
        row("crc32l", "i", c -> c.r0 = Crc32.crc32((int) c.aLow, (int) c.bLow) & 0xffff_ffffL);
        row("crc32q", "i", c -> c.r0 = Crc32.crc32((int) c.aLow, c.bLow) & 0xffff_ffffL);
    }

    private void strings() {
        row("pcmpistri", "tf", c -> implicit(c, false));
        row("pcmpestri", "tf", c -> explicit(c, false, (int) c.cLow, (int) c.cHigh));
        row("pcmpistrm", "tf", c -> implicit(c, true));
        row("pcmpestrm", "tf", c -> explicit(c, true, (int) c.cLow, (int) c.cHigh));
        row("pcmpestriq", "tf", c -> explicit(c, false, c.cLow, c.cHigh));
    }

    private static void implicit(VectorCase c, boolean isMask) {
        string(c, isMask, StringCompare.implicitLength(c.aLow, c.aHigh, c.immediate),
                StringCompare.implicitLength(c.bLow, c.bHigh, c.immediate));
    }

    private static void explicit(VectorCase c, boolean isMask, long aLength, long bLength) {
        string(c, isMask, StringCompare.explicitLength(aLength, c.immediate),
                StringCompare.explicitLength(bLength, c.immediate));
    }

    private static void string(VectorCase c, boolean isMask, int aLength, int bLength) {
        int result = StringCompare.compare(c.aLow, c.aHigh, aLength, c.bLow, c.bHigh, bLength, c.immediate);
        c.flags = StringCompare.flags(result, aLength, bLength, c.immediate);
        if (isMask) set(c, StringCompare.maskLow(result, c.immediate), StringCompare.maskHigh(result, c.immediate));
        else set(c, StringCompare.index(result, c.immediate), 0);
    }

    private void packedSingles(String name, Half half) {
        row("x." + name, "s", c -> set(c, half.of(c.mxcsr, c.aLow, c.bLow), half.of(c.mxcsr, c.aHigh, c.bHigh)));
    }

    private void doubles(String name, Half scalar) {
        row("x." + name + "pd", "d", c -> set(c,
                scalar.of(c.mxcsr, c.aLow, c.bLow), scalar.of(c.mxcsr, c.aHigh, c.bHigh)));
        row("x." + name + "sd", "d", c -> set(c, scalar.of(c.mxcsr, c.aLow, c.bLow), c.aHigh));
    }

    private void single(String name, Single scalar) {
        row("x." + name, "s", c -> set(c, merge(c.aLow, scalar.of(c.mxcsr, (int) c.aLow, (int) c.bLow)), c.aHigh));
    }

    private static long merge(long old, int low) { return Lanes.dwords(low, Lanes.high(old)); }

    private void arithmetic() {
        packedSingles("addps", FloatArithmetic::addps);
        packedSingles("subps", FloatArithmetic::subps);
        packedSingles("mulps", FloatArithmetic::mulps);
        packedSingles("divps", FloatArithmetic::divps);
        packedSingles("sqrtps", (m, _, b) -> FloatArithmetic.sqrtps(m, b));
        packedSingles("minps", FloatArithmetic::minps);
        packedSingles("maxps", FloatArithmetic::maxps);
        packedSingles("addsubps", FloatArithmetic::addsubps);
        single("addss", FloatArithmetic::addss);
        single("subss", FloatArithmetic::subss);
        single("mulss", FloatArithmetic::mulss);
        single("divss", FloatArithmetic::divss);
        single("sqrtss", (m, _, b) -> FloatArithmetic.sqrtss(m, b));
        single("minss", FloatArithmetic::minss);
        single("maxss", FloatArithmetic::maxss);
        doubles("add", FloatArithmetic::addsd);
        doubles("sub", FloatArithmetic::subsd);
        doubles("mul", FloatArithmetic::mulsd);
        doubles("div", FloatArithmetic::divsd);
        doubles("sqrt", (m, _, b) -> FloatArithmetic.sqrtsd(m, b));
        doubles("min", FloatArithmetic::minsd);
        doubles("max", FloatArithmetic::maxsd);
        row("x.addsubpd", "d", c -> set(c,
                FloatArithmetic.subsd(c.mxcsr, c.aLow, c.bLow), FloatArithmetic.addsd(c.mxcsr, c.aHigh, c.bHigh)));
        row("x.haddps", "s", c -> set(c,
                FloatArithmetic.haddps(c.mxcsr, c.aLow, c.aHigh), FloatArithmetic.haddps(c.mxcsr, c.bLow, c.bHigh)));
        row("x.hsubps", "s", c -> set(c,
                FloatArithmetic.hsubps(c.mxcsr, c.aLow, c.aHigh), FloatArithmetic.hsubps(c.mxcsr, c.bLow, c.bHigh)));
        row("x.haddpd", "d", c -> set(c,
                FloatArithmetic.addsd(c.mxcsr, c.aLow, c.aHigh), FloatArithmetic.addsd(c.mxcsr, c.bLow, c.bHigh)));
        row("x.hsubpd", "d", c -> set(c,
                FloatArithmetic.subsd(c.mxcsr, c.aLow, c.aHigh), FloatArithmetic.subsd(c.mxcsr, c.bLow, c.bHigh)));
        row("x.dpps", "s", c -> set(c,
                FloatDotProduct.dppsLow(c.mxcsr, c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate),
                FloatDotProduct.dppsHigh(c.mxcsr, c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate)));
        row("x.dppd", "d", c -> set(c,
                FloatDotProduct.dppdLow(c.mxcsr, c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate),
                FloatDotProduct.dppdHigh(c.mxcsr, c.aLow, c.aHigh, c.bLow, c.bHigh, c.immediate)));
        rounding();
    }

    private void rounding() {
        row("x.roundps", "s", c -> set(c, FloatConvert.roundps(c.mxcsr, c.bLow, c.immediate),
                FloatConvert.roundps(c.mxcsr, c.bHigh, c.immediate)));
        row("x.roundss", "s", c -> set(c,
                merge(c.aLow, FloatConvert.roundss(c.mxcsr, (int) c.bLow, c.immediate)), c.aHigh));
        row("x.roundpd", "d", c -> set(c, FloatConvert.roundsd(c.mxcsr, c.bLow, c.immediate),
                FloatConvert.roundsd(c.mxcsr, c.bHigh, c.immediate)));
        row("x.roundsd", "d", c -> set(c, FloatConvert.roundsd(c.mxcsr, c.bLow, c.immediate), c.aHigh));
    }

    private void floatComparisons() {
        row("x.cmpps", "s", c -> set(c, FloatCompare.cmpps(c.mxcsr, c.aLow, c.bLow, c.immediate),
                FloatCompare.cmpps(c.mxcsr, c.aHigh, c.bHigh, c.immediate)));
        row("x.cmpss", "s", c -> set(c,
                merge(c.aLow, FloatCompare.cmpss(c.mxcsr, (int) c.aLow, (int) c.bLow, c.immediate)), c.aHigh));
        row("x.cmppd", "d", c -> set(c, FloatCompare.cmpsd(c.mxcsr, c.aLow, c.bLow, c.immediate),
                FloatCompare.cmpsd(c.mxcsr, c.aHigh, c.bHigh, c.immediate)));
        row("x.cmpsd", "d", c -> set(c, FloatCompare.cmpsd(c.mxcsr, c.aLow, c.bLow, c.immediate), c.aHigh));
        flags("x.comiss", "sf", c -> FloatCompare.comiss(c.mxcsr, (int) c.aLow, (int) c.bLow));
        flags("x.ucomiss", "sf", c -> FloatCompare.ucomiss(c.mxcsr, (int) c.aLow, (int) c.bLow));
        flags("x.comisd", "df", c -> FloatCompare.comisd(c.mxcsr, c.aLow, c.bLow));
        flags("x.ucomisd", "df", c -> FloatCompare.ucomisd(c.mxcsr, c.aLow, c.bLow));
    }

    interface Flags { int of(VectorCase c); }

    private void flags(String name, String kind, Flags compare) {
        row(name, kind, c -> {
            set(c, c.aLow, c.aHigh);
            c.flags = compare.of(c);
        });
    }

    interface Conversion { long of(Mxcsr m, long value); }

    private void toInteger(String name, String kind, Conversion conversion) {
        boolean isShort = name.endsWith("32");
        row(name, kind, c -> c.r0 = conversion.of(c.mxcsr, c.aLow) & (isShort ? 0xffff_ffffL : -1));
    }

    private void convert(String name, String kind, Conversion half) {
        row(name, kind, c -> set(c, half.of(c.mxcsr, c.bLow), half.of(c.mxcsr, c.bHigh)));
    }

    private void conversions() {
        row("cvtsi2sd32", "n", c -> set(c, FloatConvert.cvtsi2sd32((int) c.aLow), c.aHigh));
        row("cvtsi2sd64", "n", c -> set(c, FloatConvert.cvtsi2sd64(c.mxcsr, c.aLow), c.aHigh));
        row("cvtsi2ss32", "n", c -> set(c, merge(c.aLow, FloatConvert.cvtsi2ss32(c.mxcsr, (int) c.aLow)), c.aHigh));
        row("cvtsi2ss64", "n", c -> set(c, merge(c.aLow, FloatConvert.cvtsi2ss64(c.mxcsr, c.aLow)), c.aHigh));
        toInteger("cvtsd2si32", "d", FloatConvert::cvtsd2si32);
        toInteger("cvtsd2si64", "d", FloatConvert::cvtsd2si64);
        toInteger("cvttsd2si32", "d", FloatConvert::cvttsd2si32);
        toInteger("cvttsd2si64", "d", FloatConvert::cvttsd2si64);
        toInteger("cvtss2si32", "s", (m, a) -> FloatConvert.cvtss2si32(m, (int) a));
        toInteger("cvtss2si64", "s", (m, a) -> FloatConvert.cvtss2si64(m, (int) a));
        toInteger("cvttss2si32", "s", (m, a) -> FloatConvert.cvttss2si32(m, (int) a));
        toInteger("cvttss2si64", "s", (m, a) -> FloatConvert.cvttss2si64(m, (int) a));
        convert("x.cvtdq2ps", "i", FloatConvert::cvtdq2ps);
        row("x.cvtdq2pd", "i", c -> set(c,
                FloatConvert.cvtsi2sd32((int) c.bLow), FloatConvert.cvtsi2sd32(Lanes.high(c.bLow))));
        convert("x.cvtps2dq", "s", FloatConvert::cvtps2dq);
        convert("x.cvttps2dq", "s", FloatConvert::cvttps2dq);
        row("x.cvtpd2dq", "d", c -> set(c, FloatConvert.cvtpd2dq(c.mxcsr, c.bLow, c.bHigh), 0));
        row("x.cvttpd2dq", "d", c -> set(c, FloatConvert.cvttpd2dq(c.mxcsr, c.bLow, c.bHigh), 0));
        row("x.cvtps2pd", "s", c -> set(c, FloatConvert.cvtss2sd(c.mxcsr, (int) c.bLow),
                FloatConvert.cvtss2sd(c.mxcsr, Lanes.high(c.bLow))));
        row("x.cvtpd2ps", "d", c -> set(c, FloatConvert.cvtpd2ps(c.mxcsr, c.bLow, c.bHigh), 0));
        row("x.cvtss2sd", "s", c -> set(c, FloatConvert.cvtss2sd(c.mxcsr, (int) c.bLow), c.aHigh));
        row("x.cvtsd2ss", "d", c -> set(c, merge(c.aLow, FloatConvert.cvtsd2ss(c.mxcsr, c.bLow)), c.aHigh));
        row("cvtpi2ps", "i", c -> set(c, FloatConvert.cvtdq2ps(c.mxcsr, c.bLow), c.aHigh));
        row("cvtpi2pd", "i", c -> set(c,
                FloatConvert.cvtsi2sd32((int) c.bLow), FloatConvert.cvtsi2sd32(Lanes.high(c.bLow))));
        row("cvtps2pi", "s", c -> set(c, FloatConvert.cvtps2dq(c.mxcsr, c.bLow), 0));
        row("cvttps2pi", "s", c -> set(c, FloatConvert.cvttps2dq(c.mxcsr, c.bLow), 0));
        row("cvtpd2pi", "d", c -> set(c, FloatConvert.cvtpd2dq(c.mxcsr, c.bLow, c.bHigh), 0));
        row("cvttpd2pi", "d", c -> set(c, FloatConvert.cvttpd2dq(c.mxcsr, c.bLow, c.bHigh), 0));
    }
}

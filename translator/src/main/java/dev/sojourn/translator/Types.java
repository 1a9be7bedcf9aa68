package dev.sojourn.translator;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Mmu;
import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Bits;
import dev.sojourn.cpu.operation.Division;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.cpu.operation.Shift;
import dev.sojourn.cpu.operation.vector.FloatArithmetic;
import dev.sojourn.cpu.operation.vector.FloatCompare;
import dev.sojourn.cpu.operation.vector.FloatConvert;
import dev.sojourn.cpu.operation.vector.Mxcsr;
import dev.sojourn.cpu.operation.vector.Pack;
import dev.sojourn.cpu.operation.vector.PackedAdd;
import dev.sojourn.cpu.operation.vector.PackedCompare;
import dev.sojourn.cpu.operation.vector.PackedMultiply;
import dev.sojourn.cpu.operation.vector.PackedShift;
import dev.sojourn.cpu.operation.vector.Shuffle;
import dev.sojourn.memory.Raw;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** The classes that emitted code names. */
final class Types {
    static final ClassDesc REGION = of(CompiledRegion.class);
    static final ClassDesc PLAN = of(RegionPlan.class);
    static final ClassDesc CPU = of(Cpu.class);
    static final ClassDesc MMU = of(Mmu.class);
    static final ClassDesc RAW = of(Raw.class);
    static final ClassDesc FLAGS = of(Flags.class);
    static final ClassDesc FAULT = of(GuestFault.class);
    static final ClassDesc ARITHMETIC = of(Arithmetic.class);
    static final ClassDesc BITS = of(Bits.class);
    static final ClassDesc DIVISION = of(Division.class);
    static final ClassDesc SHIFT = of(Shift.class);
    static final ClassDesc MXCSR = of(Mxcsr.class);
    static final ClassDesc PACK = of(Pack.class);
    static final ClassDesc PACKED_ADD = of(PackedAdd.class);
    static final ClassDesc PACKED_COMPARE = of(PackedCompare.class);
    static final ClassDesc PACKED_MULTIPLY = of(PackedMultiply.class);
    static final ClassDesc PACKED_SHIFT = of(PackedShift.class);
    static final ClassDesc SHUFFLE = of(Shuffle.class);
    static final ClassDesc FLOAT_ARITHMETIC = of(FloatArithmetic.class);
    static final ClassDesc FLOAT_COMPARE = of(FloatCompare.class);
    static final ClassDesc FLOAT_CONVERT = of(FloatConvert.class);
    static final ClassDesc INTEGER_CLASS = of(Integer.class);
    static final ClassDesc LONG_CLASS = of(Long.class);
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    static final ClassDesc LONG = ConstantDescs.CD_long;
    static final ClassDesc INT = ConstantDescs.CD_int;
    static final ClassDesc BOOLEAN = ConstantDescs.CD_boolean;
    static final ClassDesc VOID = ConstantDescs.CD_void;

    private Types() {}

    private static ClassDesc of(Class<?> type) { return type.describeConstable().orElseThrow(); }
}

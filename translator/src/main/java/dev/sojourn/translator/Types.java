package dev.sojourn.translator;

import dev.sojourn.cpu.Cpu;
import dev.sojourn.cpu.GuestFault;
import dev.sojourn.cpu.Mmu;
import dev.sojourn.cpu.interpreter.CompiledRegion;
import dev.sojourn.cpu.interpreter.RegionPlan;
import dev.sojourn.cpu.operation.Arithmetic;
import dev.sojourn.cpu.operation.Flags;
import dev.sojourn.cpu.operation.Shift;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** The classes and signatures that emitted code names. */
final class Types {
    static final ClassDesc REGION = of(CompiledRegion.class);
    static final ClassDesc PLAN = of(RegionPlan.class);
    static final ClassDesc CPU = of(Cpu.class);
    static final ClassDesc MMU = of(Mmu.class);
    static final ClassDesc FLAGS = of(Flags.class);
    static final ClassDesc FAULT = of(GuestFault.class);
    static final ClassDesc ARITHMETIC = of(Arithmetic.class);
    static final ClassDesc SHIFT = of(Shift.class);
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    static final ClassDesc LONG = ConstantDescs.CD_long;
    static final ClassDesc INT = ConstantDescs.CD_int;
    static final ClassDesc BOOLEAN = ConstantDescs.CD_boolean;
    static final ClassDesc VOID = ConstantDescs.CD_void;

    static final MethodTypeDesc BINARY = MethodTypeDesc.of(LONG, FLAGS, INT, LONG, LONG);
    static final MethodTypeDesc UNARY = MethodTypeDesc.of(LONG, FLAGS, INT, LONG);

    private Types() {}

    private static ClassDesc of(Class<?> type) { return type.describeConstable().orElseThrow(); }
}

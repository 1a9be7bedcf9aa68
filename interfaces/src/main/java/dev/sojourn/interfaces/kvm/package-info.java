/**
 * KVM, as Linux guests know it: feature bits, registers and hypercalls that a PC may offer besides.
 *
 * <p>Start with {@link dev.sojourn.interfaces.kvm.KvmInterface}. What is offered stands in the feature word of Discovery;
 * nothing else of KVM exists, asynchronous page faults among it. Numbers are those of the Linux headers asm/kvm_para.h and
 * linux/kvm_para.h. The invariant TSC is hidden, as KVM does for guests that may be moved: kvm-clock becomes their clock.
 */
package dev.sojourn.interfaces.kvm;

/** The interfaces a guest may find: the ops contract, and one package for each. */
module dev.sojourn.interfaces {
    requires transitive dev.sojourn.cpu;
    requires transitive dev.sojourn.state;
    requires transitive dev.sojourn.device;
    requires transitive dev.sojourn.boot;
    exports dev.sojourn.interfaces;
    uses dev.sojourn.interfaces.GuestInterface;
    provides dev.sojourn.interfaces.GuestInterface with
            dev.sojourn.interfaces.nativepc.NativeInterface,
            dev.sojourn.interfaces.kvm.KvmInterface,
            dev.sojourn.interfaces.vmware.VmwareInterface,
            dev.sojourn.interfaces.hyperv.HypervInterface,
            dev.sojourn.interfaces.vmi.VmiInterface,
            dev.sojourn.interfaces.xen.pvh.XenPvhInterface,
            dev.sojourn.interfaces.xen.pv.XenPvInterface;
}

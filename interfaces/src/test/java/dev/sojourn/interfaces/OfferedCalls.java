package dev.sojourn.interfaces;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The calls and registers of each interface, by the names of its trace: a hostile guest is to have tried them all. */
public final class OfferedCalls {
    private static final String XEN = """
            xen_version.version xen_version.extraversion xen_version.compile_info xen_version.capabilities xen_version.changeset
            xen_version.platform_parameters xen_version.get_features xen_version.pagesize xen_version.guest_handle
            xen_version.commandline xen_version.build_id memory_op multicall set_timer_op console_io platform_op sysctl domctl
            sched_op.yield sched_op.block sched_op.shutdown sched_op.poll sched_op.remote_shutdown sched_op.shutdown_code
            sched_op.watchdog sched_op.pin_override
            vcpu_op.initialise vcpu_op.up vcpu_op.down vcpu_op.is_up vcpu_op.get_runstate_info
            vcpu_op.register_runstate_memory_area vcpu_op.set_periodic_timer vcpu_op.stop_periodic_timer
            vcpu_op.set_singleshot_timer vcpu_op.stop_singleshot_timer vcpu_op.register_vcpu_info vcpu_op.send_nmi
            vcpu_op.get_physid vcpu_op.register_vcpu_time_memory_area
            event_channel_op.bind_interdomain event_channel_op.bind_virq event_channel_op.bind_pirq event_channel_op.close
            event_channel_op.send event_channel_op.status event_channel_op.alloc_unbound event_channel_op.bind_ipi
            event_channel_op.bind_vcpu event_channel_op.unmask event_channel_op.reset event_channel_op.init_control
            event_channel_op.expand_array event_channel_op.set_priority
            grant_table_op.map_grant_ref grant_table_op.setup_table grant_table_op.copy grant_table_op.query_size
            grant_table_op.set_version grant_table_op.get_version
            """;

    private static final Map<String, String> NAMES = Map.of("kvm", """
            VAPIC_POLL_IRQ KICK_CPU CLOCK_PAIRING SEND_IPI SCHED_YIELD unknown
            WALL_CLOCK SYSTEM_TIME STEAL_TIME PV_EOI_EN
            """, "vmware", """
            GETVERSION GETHZ GETVCPU_INFO STEALCLOCK unknown
            """, "hyperv", """
            FLUSH_VIRTUAL_ADDRESS_SPACE FLUSH_VIRTUAL_ADDRESS_LIST FLUSH_VIRTUAL_ADDRESS_SPACE_EX FLUSH_VIRTUAL_ADDRESS_LIST_EX
            SEND_IPI SEND_IPI_EX NOTIFY_LONG_SPIN_WAIT GET_PARTITION_ID POST_MESSAGE SIGNAL_EVENT QUERY_CAPABILITIES unknown
            GUEST_OS_ID HYPERCALL VP_INDEX RESET VP_RUNTIME TIME_REF_COUNT REFERENCE_TSC TSC_FREQUENCY APIC_FREQUENCY EOI ICR TPR
            VP_ASSIST_PAGE SCONTROL SVERSION SIEFP SIMP EOM SINT0 SINT15 STIMER0_CONFIG STIMER0_COUNT STIMER3_CONFIG
            STIMER3_COUNT GUEST_IDLE
            """, "xen-pvh", XEN + " hvm_op.set_param hvm_op.get_param hypercall_page", "xen-pv", XEN + """
            set_trap_table mmu_update set_gdt stack_switch set_callbacks fpu_taskswitch set_debugreg get_debugreg
            update_descriptor update_va_mapping vm_assist iret set_segment_base mmuext_op callback_op physdev_op
            """);

    private OfferedCalls() {}

    /** Those of an interface that were not tried. */
    public static Set<String> missing(String name, Set<String> tried) {
        Set<String> missing = new TreeSet<>(Arrays.asList(NAMES.getOrDefault(name, "").strip().split("\\s+")));
        missing.removeAll(tried);
        missing.remove("");
        return missing;
    }
}

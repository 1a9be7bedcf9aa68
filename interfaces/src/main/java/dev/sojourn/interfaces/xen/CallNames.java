package dev.sojourn.interfaces.xen;

/** The names of calls, as Xen's headers have them. */
final class CallNames {
    private static final String[] CALLS = {"set_trap_table", "mmu_update", "set_gdt", "stack_switch", "set_callbacks",
        "fpu_taskswitch", "sched_op_compat", "platform_op", "set_debugreg", "get_debugreg", "update_descriptor", "call_11",
        "memory_op", "multicall", "update_va_mapping", "set_timer_op", "event_channel_op_compat", "xen_version", "console_io",
        "physdev_op_compat", "grant_table_op", "vm_assist", "update_va_mapping_otherdomain", "iret", "vcpu_op",
        "set_segment_base", "mmuext_op", "xsm_op", "nmi_op", "sched_op", "callback_op", "xenoprof_op", "event_channel_op",
        "physdev_op", "hvm_op", "sysctl", "domctl", "kexec_op", "tmem_op", "argo_op", "xenpmu_op", "dm_op", "hypfs_op"};
    private static final String[] VERSION = {"version", "extraversion", "compile_info", "capabilities", "changeset",
        "platform_parameters", "get_features", "pagesize", "guest_handle", "commandline", "build_id"};
    private static final String[] SCHED = {"yield", "block", "shutdown", "poll", "remote_shutdown", "shutdown_code", "watchdog",
        "pin_override"};
    private static final String[] VCPU = {"initialise", "up", "down", "is_up", "get_runstate_info",
        "register_runstate_memory_area", "set_periodic_timer", "stop_periodic_timer", "set_singleshot_timer",
        "stop_singleshot_timer", "register_vcpu_info", "send_nmi", "get_physid", "register_vcpu_time_memory_area"};
    private static final String[] EVENT = {"bind_interdomain", "bind_virq", "bind_pirq", "close", "send", "status",
        "alloc_unbound", "bind_ipi", "bind_vcpu", "unmask", "reset", "init_control", "expand_array", "set_priority"};
    private static final String[] GRANT = {"map_grant_ref", "unmap_grant_ref", "setup_table", "dump_table", "transfer", "copy",
        "query_size", "unmap_and_replace", "set_version", "get_status_frames", "get_version", "swap_grant_ref", "cache_flush"};
    private static final String[] HVM = {"set_param", "get_param"};

    private CallNames() {}

    static String of(int number, int command) {
        if (number < 0 || number >= CALLS.length) {
            return "call_" + (number & 0xffff_ffffL);
        }
        String[] commands = switch (CALLS[number]) {
            case "xen_version" -> VERSION;
            case "sched_op" -> SCHED;
            case "vcpu_op" -> VCPU;
            case "event_channel_op" -> EVENT;
            case "grant_table_op" -> GRANT;
            case "hvm_op" -> HVM;
            default -> new String[0];
        };
        return command >= 0 && command < commands.length ? CALLS[number] + "." + commands[command] : CALLS[number];
    }
}

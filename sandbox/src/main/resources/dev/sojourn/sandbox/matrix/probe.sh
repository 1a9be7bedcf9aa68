# The only process of a guest in the matrix: tells on the console what the guest finds, and switches it off.
b=/.sojourn/bin/busybox
say() { $b echo "sojourn-probe $*"; }
say started
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
clock=/sys/devices/system/clocksource/clocksource0
say kernel "$($b uname -r)"
say processors "$($b nproc)"
say hypervisor "$($b dmesg | $b sed -n 's/.*Hypervisor detected: //p' | $b head -n 1)"
say paravirtualized "$($b dmesg | $b sed -n 's/.*Booting paravirtualized kernel on //p' | $b head -n 1)"
# The last switch comes half a second after user space.
$b sleep 1
say clock "$($b cat $clock/current_clocksource)"
$b dmesg | $b grep -E 'WARNING|BUG|Oops|Call Trace|[Uu]nsupported|nobody cared|soft lockup|rcu.*stall' | $b head -n 5 |
    while read -r line; do say alarm "$line"; done
say end
$b poweroff -f

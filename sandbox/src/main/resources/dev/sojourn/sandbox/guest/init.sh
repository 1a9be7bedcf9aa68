#!/.sojourn/bin/sh
# The first process of the default guest. It prepares the root, joins the command to the host's ports, runs it, reports its
# status and switches the machine off. It uses nothing outside /.sojourn, because any other file may be the user's.
#
# Ports have names. stdin, stdout and stderr carry bytes; on "control" it speaks the status protocol: "ready", then
# "exit N" or "failed TEXT", to which the host answers "bye". In between the host may say "stop".

PATH=/.sojourn/bin
own=/.sojourn
listener=
tries=1500          # of 20 ms each, for the host's ports to appear

busybox=$own/bin/busybox

# Ends the machine; file descriptor 9 is the control port, if it came that far.
finish() {
    # The answer is not the listener's to read.
    [ -z "$listener" ] || { kill -9 $listener; wait $listener; } 2>/dev/null
    echo "$1" >&9
    while read -t 10 -r answer <&9 && [ "$answer" != bye ]; do :; done
    for device in $mounted; do $busybox umount "$device" 2>/dev/null; done
    $busybox poweroff -f
    exit
}

fail() {
    echo "sojourn: $1" >/dev/console
    finish "failed $1" 2>/dev/null
}

# Mounts the disk with this serial number: how, where.
mount_disk() {
    for entry in /sys/block/*; do
        serial=
        { read -r serial <"$entry/serial"; } 2>/dev/null
        [ "$serial" = "$1" ] || continue
        $busybox mkdir -p "$3"
        $busybox mount -o "$2" "/dev/${entry##*/}" "$3" 2>/dev/console || problem="$1 cannot be mounted at $3"
        mounted="/dev/${entry##*/} $mounted"
        return
    done
    problem="$1 did not appear"
}

# Mounts the host's directory with this tag: how, where.
mount_share() {
    $busybox mkdir -p "$3"
    $busybox mount -t virtiofs -o "$2" "$1" "$3" 2>/dev/console || problem="$1 cannot be mounted at $3"
}

# Sets the network card up: own address, mask, gateway, name server.
set_network() {
    $busybox ifconfig eth0 "$1" netmask "$2" up || problem='the network card did not appear'
    $busybox route add default gw "$3"
    echo "nameserver $4" >/etc/resolv.conf
}

# Asks the command to end whenever the host says so.
listen() {
    while read -r word <&9; do
        [ "$word" != stop ] || { read -r process <$own/process && kill -TERM "$process"; } 2>/dev/null
    done
}

# Whether a device that Xen's store tells of is connected.
xen_connected() {
    state=
    { read -r state <"$1/state"; } 2>/dev/null
    [ "$state" = Connected ]
}

# A paravirtual guest of Xen's finds the ports as consoles, in this order.
find_consoles() {
    number=0
    for name in tty stdin stdout stderr control; do
        number=$((number + 1))
        if xen_connected /sys/bus/xen/devices/console-$number; then
            eval $name=/dev/hvc$number
        fi
    done
}

# Looks at the names of the ports that are there so far.
find_ports() {
    if [ -d /sys/bus/xen/devices/console-1 ]; then
        find_consoles
        return
    fi
    for entry in /sys/class/virtio-ports/*; do
        name=
        { read -r name <"$entry/name"; } 2>/dev/null
        device=/dev/${entry##*/}
        case $name in
        stdin) stdin=$device ;;
        stdout) stdout=$device ;;
        stderr) stderr=$device ;;
        control) control=$device ;;
        tty) if [ -f /sys/hypervisor/type ]; then tty=/dev/hvc1; else tty=/dev/hvc0; fi ;;
        esac
    done
}

ports_missing() {
    find_ports
    if [ $terminal = yes ]; then
        [ ! -c "$control" ] || [ ! -c "$tty" ]
    else
        [ ! -c "$control" ] || [ ! -c "$stdin" ] || [ ! -c "$stdout" ] || [ ! -c "$stderr" ]
    fi
}

# Ends every process but the first, this one and those named, so that nothing holds the command's output open.
end_others() {
    read -r self _ </proc/self/stat
    for entry in /proc/[0-9]*; do
        process=${entry#/proc/}
        case " 1 $self $* " in
        *" $process "*) ;;
        *) kill -9 "$process" 2>/dev/null ;;
        esac
    done
}

# Lets consoles carry bytes as they are. They stay so as long as somebody has them open.
open_consoles() {
    case $control in
    /dev/hvc*)
        stty raw -echo <&9
        [ $terminal = no ] || return
        exec 5<>$stdin 6<>$stdout 7<>$stderr
        for descriptor in 5 6 7; do eval "stty raw -echo <&$descriptor"; done
        sleep 2147483647 9>&- &
        exec 5>&- 6>&- 7>&-
        ;;
    esac
}

# The bytes of standard input. On a console they come in pieces behind their lengths, and end with an empty one.
read_input() {
    case $stdin in
    /dev/hvc*)
        while read -r length && [ "$length" -gt 0 ]; do
            dd bs="$length" count=1 iflag=fullblock 2>/dev/null
        done <$stdin
        ;;
    *) dd bs=32768 <$stdin 2>/dev/null ;;
    esac
}

# What becomes the command, once it has told its process id.
starter='echo $$ >/.sojourn/process; . /.sojourn/command'

# The command with three pipes. Its input is the pipe of this pipeline: unlike a named one it can be opened again by its
# path after the writer has gone. Its outputs are named, so that what carries them belongs to the shell that waits for it.
run_with_pipes() {
    mkfifo $own/stdout $own/stderr
    read_input 9>&- | {
        dd bs=32768 <$own/stdout >$stdout 2>/dev/null 9>&- &
        out=$!
        dd bs=32768 <$own/stderr >$stderr 2>/dev/null 9>&- &
        err=$!
        listen &
        listener=$!
        ( exec $busybox sh -c "$starter" ) >$own/stdout 2>$own/stderr 9>&-
        status=$?
        end_others $out $err
        wait $out $err
        finish "exit $status"
    }
}

run_with_terminal() {
    listen &
    listener=$!
    setsid -c $busybox sh -c "$starter" <>$tty >&0 2>&0 9>&-
    status=$?
    end_others
    finish "exit $status"
}

network=
. $own/settings
# busybox finds itself, and with that its other programs, by /proc.
$busybox mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev || fail 'the guest has no devtmpfs'
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
chmod 755 /
echo sojourn >/proc/sys/kernel/hostname
for module in $modules; do insmod $own/modules/$module; done
ifconfig lo 127.0.0.1 up
problem=
mounted=
mount_disks
[ -z "$network" ] || set_network $network
$busybox --install -s 2>/dev/null

while ports_missing; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail 'the ports of the host did not appear'
    sleep 0.02
done
exec 9<>$control || fail 'the control port cannot be opened'
open_consoles
[ -z "$problem" ] || fail "$problem"
echo ready >&9

if [ $terminal = yes ]; then run_with_terminal; else run_with_pipes; fi
fail 'the first process came to its end'

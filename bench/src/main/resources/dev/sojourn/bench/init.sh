#!/bin/busybox sh
# The first process of a guest that is measured: says that it is there, runs the programs of the list, switches off.
# With a file "stepwise" it waits for a line on the console before each program.
echo "bench: user space"
/bin/busybox mount -t proc proc /proc
while read -r number name scale; do
    [ ! -e /programs/stepwise ] || read -r go </dev/console
    echo "bench: start $number $name"
    /programs/$number $name $scale || echo "bench: $name failed with $?"
done </programs/list
echo "bench: end"
/bin/busybox poweroff -f

# biolatency on disks that are there more than once: NVMe with two paths (over TCP, to this machine itself), whose requests
# belong to hidden disks without a number, and dm-multipath, which has requests of its own above those of its paths. And on
# disks that leave while the tool runs. Second source: /sys/block/DISK/stat.
# slow: nine variants, and a machine's worth of disks to be made
. ../lib.sh
ways='fentry kprobe'	# only tracepoints: fentry needs no trampolines

aio=$WORK-aio
nvmet=/sys/kernel/config/nvmet
filters+='def of(f): map(select(f) | .count) | add // 0;'

reads() { dd if="$2" of=/dev/null bs=4k count="$1" iflag=direct status=none 2>>dd.err || not_ok "reads of $2" "$(<dd.err)"; }
completed() { awk '{ print $1 }' "/sys/block/$1/stat"; }	# reads
until_there() { local n; for ((n = 0; n < 600; n++)); do [ -b "$1" ] && return; nap 0.05; done; not_ok "$1" 'does not come'; }

# Disks of four requests at a time, and these are long: then no disk's interrupt comes into the program that sees another's
# requests complete, which the kernel would skip.
disk() { null_disk $1 irqmode=2 hw_queue_depth=4 completion_nsec=20000000; }

# Where the kernel preempts programs at tracepoints, it skips some by fentry, which a tool does not choose there.
traces_preempted && skips=1 || skips=

# counted DESCRIPTION EXPECTED "SHOWN LOST"
counted() {
	if [ "$skips" ] && [[ $1 = fentry* ]]; then
		holds "$1 (shown and lost: $3)" "${3% *} - ${3#* } <= $2 && ${3% *} + ${3#* } >= $2"
	else
		is "$1" "$2 0" "$3"
	fi
}

connect() { echo "transport=tcp,traddr=127.0.0.1,trsvcid=442$1,nqn=bpftk,nr_io_queues=1" >/dev/nvme-fabrics; }

modprobe -a nvmet-tcp nvme-tcp dm-multipath dm-round-robin || not_ok "modules" "are missing"
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config

mkdir $nvmet/subsystems/bpftk
echo 1 >$nvmet/subsystems/bpftk/attr_allow_any_host
for n in 1 2; do
	truncate -s 16M space$n
	mkdir $nvmet/subsystems/bpftk/namespaces/$n $nvmet/ports/$n
	echo 1 >$nvmet/subsystems/bpftk/namespaces/$n/buffered_io
	echo -n "$PWD/space$n" >$nvmet/subsystems/bpftk/namespaces/$n/device_path
	echo 1 >$nvmet/subsystems/bpftk/namespaces/$n/enable
	echo tcp >$nvmet/ports/$n/addr_trtype
	echo ipv4 >$nvmet/ports/$n/addr_adrfam
	echo 127.0.0.1 >$nvmet/ports/$n/addr_traddr
	echo 442$n >$nvmet/ports/$n/addr_trsvcid
	ln -s $nvmet/subsystems/bpftk $nvmet/ports/$n/subsystems/bpftk
done
connect 1
until_there /dev/nvme0n1
until_there /dev/nvme0n2

disk left; left=$made
disk right; right=$made
disk leaves; leaves=$made
dmsetup --noudevrules --noudevsync create paths --table "0 131072 multipath 2 queue_mode mq 0 1 1 round-robin 0 2 1 /dev/$left 1 /dev/$right 1"
dm=$(dmsetup info -c --noheadings -o blkdevname paths)

exits "a path that is not there" 2 'no such disk' "$BPFTK" biolatency -d nvme0c1n1 1 1
for way in $ways; do
	launch disks-$way biolatency --hook $way -D -F --json
	launch all-$way biolatency --hook $way -F --json
	launch stacked-$way biolatency --hook $way -F --stacked --json
	launch upper-$way biolatency --hook $way -d $dm --json
	launch head-$way biolatency --hook $way -d /dev/nvme0n1 --json
done
all_ready
# What dm-multipath does, in its own words
echo >$tracing/trace
events=$tracing/events/block
for event in issue requeue complete; do
	echo "dev == $(stat -c '0x%t << 20 | 0x%T' /dev/$dm | { read -r number; echo $((number)); })" >$events/block_rq_$event/filter
	echo 1 >$events/block_rq_$event/enable
done
before=($(completed $dm) $(completed $left) $(completed $right) $(completed nvme0c0n1))
reads 23 /dev/$dm
$aio /dev/$dm r:0:4096:29:65536 wait	# more than the paths can take: they refuse some at first
cat $tracing/trace >traced
for event in issue requeue complete; do echo 0 >$events/block_rq_$event/enable; echo 0 >$events/block_rq_$event/filter; done
reads 31 /dev/nvme0n1
reads 13 /dev/nvme0n2
after=($(completed $dm) $(completed $left) $(completed $right) $(completed nvme0c0n1))
lefts=$((after[1] - before[1])) rights=$((after[2] - before[2]))
is "second source: dm-multipath" 52 $((after[0] - before[0]))
is "second source: its paths" 52 $((lefts + rights))
holds "second source: both of them" "$lefts > 0 && $rights > 0"
is "second source: an NVMe path" 31 $((after[3] - before[3]))

# One path comes, the other leaves: so does a disk, and another one takes its number
connect 2
for ((n = 0; n < 600; n++)); do [ -e /sys/block/nvme0c1n1 ] && break; nap 0.05; done
start late biolatency -d /dev/nvme0c1n1 --json	# there is no such file
echo 1 >/sys/class/nvme/nvme0/delete_controller
before=$(completed nvme0c1n1)
reads 17 /dev/nvme0n1
is "second source: the other path" 17 $(($(completed nvme0c1n1) - before))
stop
are late "one path of two" 17 'of(true)'
reads 7 /dev/$leaves
rmdir /sys/kernel/config/nullb/leaves
disk comes; comes=$made
reads 5 /dev/$comes
coming=$(completed $comes)	# somebody looks for partitions
all_stop
[ $leaves = $comes ] && gone=$((7 + coming)) coming=$gone || gone=7	# called by number: there the two are one
reads=$((52 + 31 + 13 + 17 + (gone > 7 ? gone : 7 + coming)))
for way in $ways; do
	[ "$skips" ] && [ $way = fentry ] && [ "$(lost disks-$way)" != 0 ] || are disks-$way \
		"$way: -D: an NVMe path, gone by now" 31 'of(.disk == "nvme0c0n1" and .operation == "Read")' \
		"$way: -D: one that came" 17 'of(.disk == "nvme0c1n1" and .operation == "Read")' \
		"$way: -D: another namespace" 13 'of(.disk == "nvme0c0n2" and .operation == "Read")' \
		"$way: -D: dm-multipath" 52 "of(.disk == \"$dm\")" \
		"$way: -D: its paths" "$lefts, $rights" "\"\(of(.disk == \"$left\")), \(of(.disk == \"$right\"))\"" \
		"$way: -D: a disk that is gone" $gone "of(.disk == \"$leaves\")" \
		"$way: -D: its number's next" $coming "of(.disk == \"$comes\")" \
		"$way: -D: commands to a controller have no disk" true 'any(.disk == null and .operation == "DrvIn")' \
		"$way: -D: nothing lost" 0 lost
	ask_each '"\(of(.operation == "Read")) \(lost)"' all-$way stacked-$way
	counted "$way: each read counts once" $reads "${answers[0]}"
	counted "$way: --stacked: those of dm-multipath, too" $((reads + 52)) "${answers[1]}"
	ask_each '"\(of(true)) \(lost)"' upper-$way head-$way
	counted "$way: -d: dm-multipath" 52 "${answers[0]}"
	counted "$way: -d: all paths of a disk, also one that came later" 48 "${answers[1]}"
	are head-$way "$way: what was not asked for is not told" '[null,null,null,null]' '.[0] | [.disk, .flags, .operation, .operation_number]'
done
# Requests that were refused and requeued: from the first issue, which is longer than from the last
read -r requeued first last < <(awk '{ time = $4 * 1e6; event = $5; sub(/.*\(.*\) /, ""); at = $1 }
	event ~ /requeue/ { requeued++ }
	event ~ /issue/ { if (!(at in first)) first[at] = time; last[at] = time }
	event ~ /complete/ && $3 > 0 && at in first { of_first += time - first[at]; of_last += time - last[at]; delete first[at] }
	END { printf "%d %d %d\n", requeued, of_first, of_last }' traced)
holds "second source: requests were requeued" "$requeued > 0 && $first > $last"
for way in $ways; do
	took=$(($(sum upper-$way total_ns) / 1000))
	holds "$way: a requeued one takes from its first issue (all: $took us, $first by the second source, $last from the last)" \
		"$took > $first - ($first - $last) / 2 && $took < $first + $first / 10"
done
is "ends well" 0 ${statuses[disks-fentry]}

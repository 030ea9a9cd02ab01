# biolatency with as many requests under way as 24 disks can have, and with more of them one after the other than its table
# knows of. The disks are loop devices whose files lie on a frozen file system: what is written stays under way until it thaws.
# Second source: /sys/block/DISK/inflight and stat.
# slow: 49,152 writes, and four tools that see each
. ../lib.sh

aio=$WORK-aio
disks=24

# Where the kernel preempts programs at tracepoints, it skips some by fentry, which a tool does not choose there.
traces_preempted && skips=1 || skips=

# balance DESCRIPTION WAY FILE: all that was written is shown, and nothing is lost
balance() {
	ask "$3" 'map(select(.disk // "" | startswith("loop")).count) | add // 0' lost 'map(select(.cause == "map full").count) | add // 0'
	if [ "$skips" ] && [ "$2" = fentry ]; then
		# of a request that is not shown one program was skipped, or both
		holds "$2: $1: shown (${answers[0]}) and lost (${answers[1]})" \
			"${answers[0]} <= $written && ${answers[0]} + ${answers[1]} >= $written && ${answers[2]} == 0"
	else
		is "$2: $1: shown, and lost" "$written, 0" "${answers[0]}, ${answers[1]}"
	fi
}

# stats FIELD FILE: of /sys/block/DISK/FILE, the sum over the disks
stats() { awk "{ n += \$$1 } END { print n + 0 }" "${loops[@]/#*/\/sys\/block\/&\/$2}"; }

# at_once LOOP...: as many writes as each can have, all under way before the first is done
at_once() {
	local disk users=() before tries
	before=$(stats 5 stat)
	fsfreeze -f /mnt/ext4
	for disk; do
		$aio "/dev/$disk" w:0:512:$depth:1024 2>>aio.err &
		users+=($!)
	done
	for ((tries = 0; tries < 600; tries++)); do
		[ "$(stats 2 inflight)" = $(($# * depth)) ] && break
		nap 0.2
	done
	((most < $(stats 2 inflight))) && most=$(stats 2 inflight)
	fsfreeze -u /mnt/ext4
	wait "${users[@]}" || not_ok "writes to $*" "$(<aio.err)"
	written=$((written + $(stats 5 stat) - before))
}

# Before the disks are there: this table knows nothing of them.
for way in $ways; do
	start "early.$way" biolatency --hook "$way" -D --json || continue
	early+=("$tool")
done
modprobe -r loop 2>/dev/null
modprobe loop max_loop=0 hw_queue_depth=1024
loops=()
for ((n = 0; n < disks; n++)); do
	truncate -s 1M /mnt/ext4/back$n
	loop=$(losetup -f --show /mnt/ext4/back$n) || not_ok "disk $n" "no loop device"
	loops+=("${loop#/dev/}")
	echo none >"/sys/block/${loop#/dev/}/queue/scheduler"	# else the scheduler's requests are what there is of them
done
depth=$(<"/sys/block/${loops[0]}/queue/nr_requests")
holds "$disks disks of $depth requests" "$depth == 1024 || $(kernel_before 5.18 && echo "$depth == 128" || echo 0)"
for way in $ways; do
	start "late.$way" biolatency --hook "$way" -D --json || continue
	late+=("$tool")
done

written=0 most=0
for ((n = 0; n < disks; n += 4)); do at_once "${loops[@]:n:4}"; done
is "second source: of four disks all at once" $((4 * depth)) $most
is "second source: written" $((disks * depth)) $written
for tool in "${early[@]}"; do stop; done
for way in $ways; do balance 'disks that came later, four at a time' "$way" "early.$way"; done

at_once "${loops[@]}"
is "second source: of all disks at once" $((disks * depth)) $most
is "second source: written" $((2 * disks * depth)) $written
for tool in "${late[@]}"; do stop; done
for way in $ways; do balance 'all at once' "$way" "late.$way"; done

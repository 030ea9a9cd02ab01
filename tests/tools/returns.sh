# Calls that take long hide nobody else's: returns are seen however many calls wait, and those that are not are counted.
# slow: 4,200 threads, three times
. ../lib.sh

echo some content >f
events=/sys/kernel/tracing/kprobe_events
blocked= tries=0

# wait_in_read N: so many threads that wait at an empty pipe
wait_in_read() {
	"$WORK" pipe threads "$1" read 1 1 &
	blocked=$!
	workers+=($blocked)
	local threads=()
	until [ ${#threads[@]} -gt "$1" ]; do nap; threads=(/proc/$blocked/task/*); done
	nap 1
}

# watch HOOK N: filetop looks at 701 reads of one process while N threads of another wait in theirs; $shown, $lost
watch() {
	prepare file f O_RDONLY stop pread 701 1 0
	start out filetop --json 3600 --pid "$worker" ${1:+--hook "$1"}
	wait_in_read "$2"
	kill -CONT "$worker"
	finished
	stop
	kill -PIPE $blocked	# of which bash says nothing
	wait $blocked
	ask out 'sum(.reads)' lost
	shown=${answers[0]} lost=${answers[1]}
}

for hook in '' kprobe; do
	for count in 2 64; do
		watch "$hook" $count
		is "${hook:-chosen}: $count wait: reads shown and lost" '701 0' "$shown $lost"
	done
done

# More than there is room for: the last miss of a thread counts as well. Other tasks' reads are missed, too.
watch kprobe 4200
holds "4200 wait: shown ($shown) and lost ($lost)" "$shown + $lost >= 701 + 104 && $shown + $lost <= 701 + 104 + 60"
is '4200 wait: whose calls they were is not known' '["probe missed or skipped by the kernel, of all tasks"]' \
	"$(jq -sc 'map(select(.type == "lost").cause) | unique' <out)"

# What was kept of those calls goes with their threads, returned or not
if kernel_before 6.10; then	# from then on it lies in the task itself
	start out filetop --all-files --json --hook kprobe 3600
	wait_in_read 4200
	kept=$(bpftool -j map dump name calls_by_thread | jq length)
	holds "kept of calls under way: $kept" "$kept >= 4200"
	kill -PIPE $blocked
	wait $blocked
	until kept=$(bpftool -j map dump name calls_by_thread | jq length); ((kept < 100 || ++tries > 20)); do nap 0.5; done
	holds "kept when they are over: $kept" "$kept < 10"	# of other tasks
	stop
fi

# Without tracefs a few calls are all there is room for, and that is said
export BPFTK_FEW_RETURNS=1
watch kprobe 64
holds "few returns: 64 wait: shown ($shown) and lost ($lost)" "$lost > 0 && $shown + $lost >= 700"
is 'few returns: said at the start, once' 1 "$(grep -c 'no tracefs' out.err)"
is 'few returns: no probes in tracefs' '' "$(grep bpftk $events)"
has 'few returns: fentry may skip less, where there is fentry' 'fentry +chosen' "$("$BPFTK" filetop --explain)"
unset BPFTK_FEW_RETURNS

# What a killed tool leaves is taken away by the next
start out filetop --hook kprobe
has 'probes are made in tracefs' 'r4096:bpftk/r[0-9a-f]{8}_[0-9]+ vfs_(read|write)' "$(<$events)"
kill -KILL "$tool"
ended 2>/dev/null
is 'a killed tool leaves two' 2 "$(grep -c bpftk $events)"
launch out1 filetop --hook kprobe
launch out2 opensnoop --hook kprobe
all_ready
left=$(grep -c 'bpftk/.* vfs' $events)
all_stop
is 'the next takes them away, and only them' 2 "$left"
is 'and its own as it ends' '' "$(grep bpftk $events)"

# Where tracefs is mounted nowhere
unshare -m sh -c 'umount -l /sys/kernel/tracing /sys/kernel/debug; exec "$@"' sh "$BPFTK" filetop --explain --hook kprobe >out 2>&1
is 'tracefs is not mounted: two return probes all the same' 2 "$(grep -c 'attached, for 4096 calls at a time' out)"

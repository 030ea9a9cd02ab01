# 64 threads, and more busy tasks than processors: what is shown and what is said to be lost is what happened, to the call.
# By the way that a tool chooses, nothing may be lost; by fentry, where the kernel preempts programs, much is.
# A tool is one line here.
. ../lib.sh
: "${BPFTK_RAW_DISK:?storm.sh needs tests/vm/run --disk ext4 --disk raw}"

preempts=
grep -qs '(full)\|(lazy)\|(laziest)' /sys/kernel/debug/sched/preempt && preempts=1
[[ $(uname -v) != *PREEMPT_RT* ]] || preempts=rt
grep -q ' init_srcu_struct_fast$' /proc/kallsyms && traces=1 || traces=	# programs at tracepoints are preempted, too
storm=500	# calls of each thread
calls=$((64 * storm))
disk=${BPFTK_RAW_DISK%% *}
by_fentry=0
busy=()
for ((n = 0; n < 2 * $(nproc); n++)); do
	while :; do :; done &
	busy+=($!)
	kill -STOP $!
done
workers+=("${busy[@]}")
echo >f
echo >/mnt/ext4/f
sync

# blow KEY STEPS... -- TOOL ARGS...: the tool watches while 64 threads do that; KEY of its rows adds up to their calls
blow() {
	local key=$1 steps=() shown lost said what
	shift
	while [ "$1" != -- ]; do steps+=("$1"); shift; done
	shift
	what="$1, ${hook:-chosen}"
	prepare "${steps[@]}"
	start out "$@" --json --meta ${hook:+--hook "$hook"} $([ "$1" = biolatency ] || echo --pid "$worker") || return
	kill -CONT "${busy[@]}" "$worker"
	finished
	kill -STOP "${busy[@]}"
	stop
	shown=$(jq -s "map(select(.type == null) | if \"$key\" == \"row\" then 1 else .$key end) | add // 0" <out)
	lost=$(lost out)
	is "$what: shown ($shown) and lost ($lost)" $calls $((shown + lost))
	is "$what: the sum at the end is that of the parts" "$lost" "$(jq -s 'map(select(.type == "end").lost[]) | add' <out)"
	if [ "$preempts" ] && [ "$hook" = fentry ] && { [ "$1" != biolatency ] || [ "$traces" ]; }; then
		has "$what: said at the start" 'this kernel may skip calls' "$(<out.err)"
		by_fentry=$((by_fentry + lost))
		said=$(grep -c '"type":"lost"' out)
		# of two bursts with a pause between them, the first one's losses are said before the second
		[ "$1" != opensnoop ] || holds "$what: losses are said as they happen ($said times)" "$said > 1"
	else
		is "$what: nothing lost" 0 "$lost"
	fi
}

other=kprobe
[ ! "$preempts" ] || other=fentry
for hook in '' $other; do
	blow row stop threads 64 open $((storm / 2)) f O_RDONLY 0 sleep 2500 open $((storm / 2)) f O_RDONLY 0 -- opensnoop --buffer-size 64M
	blow read file /dev/zero O_RDWR stop threads 64 read "$storm" 1 -- vfsstat 1
	blow writes file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- filetop -a 3600 --limit 1000
	blow count file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- vfscount -r 'vfs_write|vfs_rename'
	BPFTK_SINGLE_PROBES=1 blow count file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- vfscount -r 'vfs_write|vfs_rename'
	blow count file "$disk" 'O_RDONLY|O_DIRECT' stop threads 64 pread "$storm" 4096 0 -- biolatency -d "${disk#/dev/}" 3600
	[ "$hook" != fentry ] || [ -e /sys/kernel/btf/ext4 ] || continue	# before 5.11
	blow count file /mnt/ext4/f O_RDONLY stop threads 64 pread "$storm" 1 0 -- ext4dist
done
[ ! "$preempts" ] || holds "by fentry calls are skipped here ($by_fentry): this is a storm" "$by_fentry > 0"

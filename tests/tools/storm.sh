# 64 threads, and more busy tasks than processors: what is shown and what is said to be lost is what happened, to the call.
# By the way that a tool chooses, nothing may be lost; by fentry, where the kernel preempts programs, much is.
# A tool is one line here.
# slow: half a million calls by 64 threads, among busy loops
. ../lib.sh
: "${BPFTK_RAW_DISK:?storm.sh needs tests/vm/run --disk ext4 --disk raw}"

preempts && preempts=1 || preempts=
traces_preempted && traces=1 || traces=
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

# blow STEPS... -- KEY TOOL ARGS...: the tool watches while 64 threads do that; KEY of its rows adds up to their calls. One tool
# at a time: what is skipped is so for all tasks, and another tool that begins or ends, or waiting for it, makes calls, too.
blow() {
	local steps=() key tool_args
	while [ "$1" != -- ]; do steps+=("$1"); shift; done
	key=$2
	shift 2
	prepare "${steps[@]}"
	tool_args=("${@:2}" --json --meta ${hook:+--hook "$hook"})
	[ "$1" = biolatency ] || tool_args+=(--pid "$worker")
	start "$1" "$1" "${tool_args[@]}" || return
	kill -CONT "${busy[@]}" "$worker"
	finished
	kill -STOP "${busy[@]}"
	stop
	calm "$1" "$key"
}

# calm OUT KEY: what the tool has shown and lost is all that there was
calm() {
	local shown lost what="$1, ${hook:-chosen}" said
	# jq takes seconds to read the rows of a stream
	grep '"type":' "$1" >talk
	if [ "$2" = row ]; then
		shown=$(($(lines "$1") - $(lines talk)))
		ask talk lost 'map(select(.type == "end").lost[]) | add' 'map(select(.type == "lost")) | length'
		answers=("$shown" "${answers[@]}")
	else
		ask "$1" "map(select(.type == null).$2) | add // 0" lost 'map(select(.type == "end").lost[]) | add' \
			'map(select(.type == "lost")) | length'
	fi
	shown=${answers[0]} lost=${answers[1]} said=${answers[3]}
	is "$what: shown ($shown) and lost ($lost)" $calls $((shown + lost))
	is "$what: the sum at the end is that of the parts" "$lost" "${answers[2]}"
	if [ "$preempts" ] && [ "$hook" = fentry ] && { [ "$1" != biolatency ] || [ "$traces" ]; }; then
		has "$what: said at the start" 'this kernel may skip calls' "$(<$1.err)"
		by_fentry=$((by_fentry + lost))
		# of two bursts with a pause between them, the first one's losses are said before the second
		[ "$1" != opensnoop ] || holds "$what: losses are said as they happen ($said times)" "$said > 1"
	elif [ "$1" = biolatency ] && ! kernel_before 6.1; then
		# an interrupt that comes into the program, of a disk whose requests complete there: skipped since 05b24ff9b2cf
		holds "$what: few are skipped ($lost)" "$lost * 1000 <= $calls"
	else
		is "$what: nothing lost" 0 "$lost"
	fi
}

other=kprobe
[ ! "$preempts" ] || other=fentry
for hook in '' $other; do
	blow stop threads 64 open $((storm / 2)) f O_RDONLY 0 sleep 2500 open $((storm / 2)) f O_RDONLY 0 -- row opensnoop --buffer-size 64M
	blow file /dev/zero O_RDWR stop threads 64 read "$storm" 1 -- read vfsstat 1
	blow file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- writes filetop -a 3600 --limit 1000
	blow file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- count vfscount -r 'vfs_write|vfs_rename'
	# by a copy of the program for each function
	BPFTK_SINGLE_PROBES=1 blow file /dev/zero O_RDWR stop threads 64 write "$storm" 1 -- count vfscount -r 'vfs_write|vfs_rename'
	blow file "$disk" 'O_RDONLY|O_DIRECT' stop threads 64 pread "$storm" 4096 0 -- count biolatency -d "${disk#/dev/}" 3600
	[ "$hook" != fentry ] || [ -e /sys/kernel/btf/ext4 ] || continue	# before 5.11
	blow file /mnt/ext4/f O_RDONLY stop threads 64 pread "$storm" 1 0 -- count ext4dist
done
[ ! "$preempts" ] || holds "by fentry calls are skipped here ($by_fentry): this is a storm" "$by_fentry > 0"

# The ends of a run: a reader that takes nothing, or has gone; signals, in attaching as well; those that were ignored.
# slow: only on 5.10, elsewhere 30 s
. ../lib.sh

echo >f
declare -A readers tool_of

# to_reader NAME TOOL ARGS...: launch it, into a pipe that nobody reads until `resume NAME`; what comes then is in NAME.taken
to_reader() {
	mkfifo "$1"
	bash -c 'kill -STOP $$; exec cat' <"$1" >"$1.taken" &
	readers[$1]=$!
	workers+=($!)
	launch "$@"
	tool_of[$1]=$tool
}
resume() { kill -CONT "${readers[$1]}"; wait "${readers[$1]}"; }

# ends NAME SECONDS: the tool ends so soon; $status
ends() {
	local until=$((${EPOCHREALTIME/./} + $2 * 1000000)) process=${tool_of[$1]}
	while running "$process"; do
		((${EPOCHREALTIME/./} < until)) || { not_ok "$1: ends in $2 s" 'it does not'; kill -KILL "$process"; break; }
		nap
	done
	ended "$process"
}

together() { all_ready; group=(); }

prepare stop open 7001 f O_RDONLY 0
to_reader json opensnoop --json --strict --pid "$worker"
to_reader table opensnoop --pid "$worker"
to_reader twice opensnoop --csv --pid "$worker"
to_reader slow opensnoop --json --pid "$worker" --max-events 1009
to_reader quiet opensnoop --comm nobody
to_reader interval vfsstat 1000
mkfifo both
bash -c 'kill -STOP $$; exec cat' <both >both.taken &
readers[both]=$!
workers+=($!)
begin "$BPFTK" opensnoop --pid "$worker" >both 2>&1 &
tool_of[both]=$!
tools+=($!)
begin --ignore-signal=HUP --ignore-signal=INT "$BPFTK" opensnoop --comm nobody -v >nohup 2>nohup.err &
tool_of[nohup]=$!
tools+=($!)
group+=($! nohup)
together
go

# Nobody reads: a signal ends the tool. Rows taken, those lost and those not written are all there were.
nap 1
kill -INT "${tool_of[twice]}"
kill -INT "${tool_of[twice]}"	# as timeout(1) does: this is one wish ...
nap 0.7
kill -TERM "${tool_of[twice]}"	# ... and this another
ends twice 5	# the kernel takes its time to let go of each probe
is 'a second signal ends the tool at once' 143 $status
kill -TERM "${tool_of[json]}" "${tool_of[table]}" "${tool_of[both]}"
for name in json table; do
	ends $name 10
	[ $name = json ] && wanted=5 || wanted=0
	is "$name: nobody reads, SIGTERM: exit code" $wanted $status
	resume $name
	has "$name: what was not written is said" 'lost [0-9]+(: | in all: )not written' "$(<$name.err)"
	[ -z "$(tail -c 1 $name.taken)" ] || sed -i '$d' $name.taken	# a part of a row
	shown=$(grep -cE '"path":"f"|^[0-9].* f$' $name.taken)
	lost=$(awk '$3 == "lost" && !/strict/ { n += $4 } END { print n }' $name.err)
	holds "$name: something was taken ($shown)" "$shown > 0"
	is "$name: taken, lost and not written" 7001 $((shown + lost))
done

ends both 10
is 'stderr is that pipe, too: exit code' 0 $status
resume both
has 'stderr is that pipe, too: rows' ' f' "$(<both.taken)"

# Nobody has asked it to end: it waits for its reader, who gets all
look "${tool_of[slow]}"
has 'a slow reader is waited for' '^[SR]$' "$state"
resume slow
ends slow 15
is 'a slow reader: exit code, rows' '0 1009' "$status $(grep -c '"path":"f"' slow.taken)"

# The reader goes, and with it a tool that has nothing to write
for name in quiet interval; do
	kill -KILL "${readers[$name]}"
	ends $name 15
	is "$name: the reader has gone: exit code" 0 $status
done 2>/dev/null

# What was ignored stays ignored, for the tool and for a command
kill -HUP "${tool_of[nohup]}"
kill -INT "${tool_of[nohup]}"
nap 0.5
look "${tool_of[nohup]}"
has 'ignored: SIGHUP, SIGINT' '^[SR]$' "$state"
kill -TERM "${tool_of[nohup]}"
ends nohup 15
is 'ignored: SIGTERM is not' 0 $status
signals='--ignore-signal=HUP,PIPE --block-signal=USR1'
env $signals grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status >expected
env $signals "$BPFTK" opensnoop --comm nobody --exec grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status >actual 2>actual.err
is "--exec: the command's signals are as the tool found them" "$(<expected)" "$(grep Sig actual)"

# Interrupted while it attaches: by who holds the list of return probes, and between one function and the next
probes() { cat /sys/kernel/debug/kprobes/list /sys/kernel/tracing/kprobe_events; }
before=$(probes)
flock /sys/kernel/tracing/kprobe_events sleep 60 &
holder=$!
workers+=($holder)
launch held opensnoop --hook kprobe
tool_of[held]=$tool
BPFTK_SINGLE_PROBES=1 launch many vfscount --hook kprobe -r '^(vfs|ext4|generic|do|security)_.*'
tool_of[many]=$tool
until (($(wc -l </sys/kernel/debug/kprobes/list) > 5)); do nap; done
kill -INT "${tool_of[held]}" "${tool_of[many]}"
for name in held many; do
	ends $name 15
	is "$name: interrupted while it attaches: by the signal" 130 $status
	has "$name: and it says so" 'interrupted before all was attached' "$(<$name.err)"
done
kill "$holder"
group=()
for ((n = 0; n < 50; n++)); do [ "$(probes)" = "$before" ] && break; nap 0.1; done
is 'interrupted: nothing is left' "$before" "$(probes)"

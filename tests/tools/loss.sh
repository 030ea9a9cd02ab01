# Losses: rows shown + losses reported = what happened, to the event. They are provoked: nothing lost is a failure here.
# slow: only on 5.10, elsewhere 27 s
. ../lib.sh

echo >f

# balance DESCRIPTION EVENTS
balance() {
	local shown lost=$(lost out)
	shown=$(grep -cE ' f$|"path":"f"' out)
	holds "$1: something was lost ($lost)" "$lost > 0"
	holds "$1: something was shown ($shown)" "$shown > 0"
	is "$1: shown + lost" "$2" $((shown + lost))
}

# tiny BUFFER WAY ARGS...: the reader is not stopped, but the buffer is too small for a burst that it has to let pass first
# stopped WAY ARGS...: the reader is stopped for the time of a burst
tiny() {
	prepare stop open 1999 f O_RDONLY 0
	start out opensnoop --pid "$worker" --buffer-size "$1" --hook "${@:2}"
	taskset -pc 0 "$tool" >/dev/null && taskset -pc 0 "$worker" >/dev/null && chrt -f -p 1 "$worker" ||
		not_ok "$*: the burst comes first" ''
	go
	stop
}
stopped() {
	prepare stop open 7001 f O_RDONLY 0 stop open 101 f O_RDONLY 0
	start out opensnoop --pid "$worker" --hook "$@"
	kill -STOP "$tool"
	go
	kill -CONT "$tool"
	nap 1
	go
	stop
}

for way in $ways perf; do
	hook=$way
	unset BPFTK_PERF_BUFFER
	if [ $way = perf ]; then
		export BPFTK_PERF_BUFFER=1
		hook=kprobe
	fi
	tiny 4K $hook --strict --json
	balance "$way: 4K, JSON" 1999
	is "$way: --strict: exit code" 5 $status
	has "$way: --strict: said" 'lost [0-9]+ in all' "$(<out.err)"

	stopped $hook --json --meta
	balance "$way: reader stopped, JSON" $((7001 + 101))
	is "$way: without --strict: exit code" 0 $status
	cp out json
	are out "$way: --meta: rows and losses of the whole" true \
		'[rows, lost] == (.[] | select(.type == "end") | [.rows, ([.lost[]] | add)])'

	[ $way = kprobe ] && continue
	stopped $hook
	balance "$way: reader stopped, table" $((7001 + 101))
done

fits opensnoop json

# Filtered in the kernel: what is not asked for does not count, nor does it fill the buffer
unset BPFTK_PERF_BUFFER
prepare stop open 4001 f O_RDONLY 0 '!open' 13 none O_RDONLY 0
start out opensnoop --pid "$worker" -x --buffer-size 4K --strict --json
go
stop
is 'filtered: rows' 13 "$(rows out)"
is 'filtered: nothing lost' 0 $status

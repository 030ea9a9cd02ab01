# Perf buffers, as before 5.8: rows of several processors come in the order of their time, and processors may come and go.
# slow: only on 5.10, elsewhere 21 s
. ../lib.sh

cpu=/sys/devices/system/cpu/cpu1/online
[ -e $cpu ] || { ok 'one processor only, or one that stays: nothing to see'; exit; }
export BPFTK_PERF_BUFFER=1
echo >f
ordered='map(select(.type == null).ts) | . == sort'

# opens COUNT: so many by a task on processor 1
opens() { taskset -c 1 "$WORK" open "$1" f O_RDONLY 0 || not_ok 'the workload' "on processor 1"; }
# until_rows COUNT FILE
until_rows() {
	local tries
	for tries in {1..40}; do [ "$(grep -c '"path":"f"' "$2")" -ge "$1" ] && break; nap 0.1; done
}

# Two tasks at once, each on its processor
start out opensnoop --json --hook kprobe --comm work --buffer-size 1M
taskset -c 0 "$WORK" open 1009 f O_RDONLY 0 &
opens 1009
wait $!
stop
are out 'two processors: all rows' '[2018,0]' '[rows(.path == "f"), lost]' 'two processors: in order' true "$ordered"

# One that comes, one that goes and comes back
echo 0 >$cpu
start out opensnoop --json --hook kprobe --comm work
echo 1 >$cpu
nap 0.5
opens 101
until_rows 101 out
echo 0 >$cpu
nap 0.5
echo 1 >$cpu
nap 0.5
opens 67
# ... so quickly that the tool cannot see it: the cause of the loss is named, and then it is seen
kill -STOP "$tool"
echo 0 >$cpu
echo 1 >$cpu
opens 23
kill -CONT "$tool"
for tries in {1..60}; do grep -q '"type":"lost"' out && break; nap 0.1; done
nap 0.3
opens 31
stop
are out 'processors come and go: shown and lost' $((101 + 67 + 23 + 31)) 'rows(.path == "f") + lost' \
	'processors come and go: shown' true "rows(.path == \"f\") >= $((101 + 67 + 31))" \
	'processors come and go: in order' true "$ordered" \
	'processors come and go: the cause of what is lost' '["no event buffer yet on a processor that came on line"]' \
	'map(.cause // empty) | unique'

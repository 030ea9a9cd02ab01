# Tasks that preempt each other: no row shows what belongs to another task. Each task does everything under its own name,
# eight all the time, and one of higher priority that comes between them.
# slow: only on real-time kernels, elsewhere 33 s
. ../lib.sh

opens=${BPFTK_OPENS:-401}	# of each task by each of its calls
tasks='t0 t1 t2 t3 t4 t5 t6 t7'
for task in $tasks fast; do echo >"$task"; done

# together STEPS...: by each of the eight; NAME becomes its name. $fast: the steps of the ninth
together() {
	local pids=() pid task
	for task in $tasks; do
		"$WORK" comm "$task" "${@//NAME/$task}" 2>"$task.err" &
		pids+=($!)
	done
	chrt -f 10 "$WORK" comm fast pause 300 "${fast[@]}" 2>fast.err &
	pids+=($!)
	for pid in "${pids[@]}"; do
		wait "$pid" || not_ok 'the workload' "$(cat ./*.err)"
	done
}

# Rows of tasks that are none of ours do not matter
ours='(.comm | test("^(t[0-7]|fast)$"))'

for hook in '' fentry; do
	start out opensnoop --json --buffer-size 64M ${hook:+--hook "$hook"}
	fast=(open $((3 * opens)) fast O_RDONLY 0)
	together open "$opens" NAME O_RDONLY 0 openat "$opens" . NAME O_RDONLY 0 creat "$opens" NAME 0644
	stop
	ask out "rows($ours and .comm != .path)" "rows($ours)" lost
	is "opensnoop, ${hook:-chosen}: rows with another task's path" 0 "${answers[0]}"
	shown=${answers[1]} lost=${answers[2]}
	holds "opensnoop, ${hook:-chosen}: rows ($shown) and lost ($lost)" "$shown > 0 && $shown + $lost >= 27 * $opens"
	[ "$hook" ] || is 'opensnoop, chosen: rows' $((27 * opens)) "$shown"

	# each file is new to the table
	for task in $tasks fast; do "$WORK" put 300 "$task."; done
	start out filetop --json --limit 100000 3600 ${hook:+--hook "$hook"}
	fast=(get 300 fast.)
	together put 300 NAME. get 300 NAME.
	stop
	ask out "rows($ours and (.comm as \$comm | .file | startswith(\$comm + \".\") | not))" \
		"map(select(.comm and $ours) | .reads + .writes) | add" lost
	is "filetop, ${hook:-chosen}: rows with another task's name or file" 0 "${answers[0]}"
	shown=${answers[1]} lost=${answers[2]}
	holds "filetop, ${hook:-chosen}: calls ($shown) and lost ($lost)" "$shown > 0 && $shown + $lost >= 17 * 300"
	[ "$hook" ] || is 'filetop, chosen: calls' $((17 * 300)) "$shown"
	rm -f ./*.[0-9]*
done

# vfscount: a process whose calls are known; second source: the function tracer of the kernel, for the same process.
. ../lib.sh

tracing=/sys/kernel/tracing
steps=(file /dev/zero O_RDWR stop read 101 1 write 67 1 open 37 /tmp/known O_RDONLY 0 fsync 0 stat 53 /tmp/known
	mkdir 1 /tmp/made rmdir 1 /tmp/made create 3 /tmp/c unlink 3 /tmp/c '!open' 13 /none O_RDONLY 0)

# traced FILTER: what the function tracer saw since `trace_on FILTER PID`, as "COUNT NAME"
trace_on() {
	echo >$tracing/trace
	echo "$1" >$tracing/set_ftrace_filter || return
	echo "$2" >$tracing/set_ftrace_pid
	echo function >$tracing/current_tracer
}
traced() {
	sed -nE 's/.*[0-9]: ([a-zA-Z_0-9.]+) <-.*/\1/p' $tracing/trace | sort | uniq -c | awk '{ print $1, $2 }'
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_pid
	echo >$tracing/set_ftrace_filter
}
calls() { jq -r 'select(.function) | "\(.count) \(.function)"' "$1" | sort -k2; }
called() { jq -s "map(select(.function == \"$2\") | .count) | add // 0" "$1"; }
echo >/tmp/known
echo 8192 >$tracing/buffer_size_kb

# kprobe.multi needs 5.18, and CONFIG_FPROBE, which Debian's 6.1 has not
grep -q ' register_fprobe_ips$' /proc/kallsyms && multi=true || multi=false
grep -q ' bpf_tracing_multi_attach$' /proc/kallsyms && fentry_multi=true || fentry_multi=false

# check NAME: the files NAME (table) and NAME.json against the work and against NAME.traced
check() {
	is "$1: reads" 101 "$(called "$1.json" vfs_read)"
	is "$1: writes" 67 "$(called "$1.json" vfs_write)"
	is "$1: opens" 40 "$(called "$1.json" vfs_open)"
	is "$1: unlinks" 3 "$(called "$1.json" vfs_unlink)"
	is "$1: mkdir" 1 "$(called "$1.json" vfs_mkdir)"
	is "$1: second source: every function's count" "$(<"$1.traced")" "$(calls "$1.json")"
	is "$1: addresses are kallsyms' own" "" "$(jq -r '"\(.addr) \(.function)"' "$1.json" |
		awk 'NR == FNR { known["0x" $1 " " $3] = 1; next } !known[$0]' /proc/kallsyms -)"
	is "$1: nothing lost" 1 "$(grep -c ' 0 lost' "$1.json.err")"
}

for way in $ways "kprobe single" "fentry single"; do
	name=${way// /-}
	case $way in
	*single) export BPFTK_SINGLE_PROBES=1 by=${way% *} ;;
	kprobe) $multi && by=kprobe.multi || by=kprobe ;;
	fentry) $fentry_multi && by=fentry.multi || by=fentry ;;
	esac
	case $way in	# where that is the only way, it has been shown
	"kprobe single") $multi || continue ;;
	"fentry single") $fentry_multi || continue ;;
	esac
	WORK=$WORK prepare "${steps[@]}"
	start $name.json vfscount --json --hook ${way% *} --pid $worker && json=$tool || continue
	trace_on 'vfs_*' $worker
	go
	stop $json
	traced | sort -k2 >$name.traced
	is "$name: ends well" 0 $status
	has "$name: is that way" "attached by $by"$'\n' "$(<$name.json.err)"$'\n'
	if [ "${way% *}" = fentry ] && grep -q '[.]' $name.traced; then	# the compiler's parts of functions are not in BTF
		has "$name: says that some cannot be probed" 'cannot be probed' "$(<$name.json.err)"
		sed -i '/[.]/d' $name.traced
	fi
	check $name
done
unset BPFTK_SINGLE_PROBES

### The table, and the way chosen by itself: sorted, the same numbers, addresses bare

prepare "${steps[@]}"
start table vfscount --pid $worker
go
stop
is "table: the columns" "ADDR             FUNC                          COUNT" "$(grep -m1 ADDR table)"
is "table: the same" "$(calls kprobe.json)" "$(awk 'NF == 3 && $1 ~ /^[0-9a-f]+$/ { print $3, $2 }' table | sort -k2)"
is "table: addresses" "" "$(awk 'NR == FNR { known[$1 " " $3] = 1; next } $1 ~ /^ffff/ && !known[$1 " " $2]' /proc/kallsyms table)"
is "table: sorted" "" "$(awk '$1 ~ /^ffff/ { if ($3 < last) print; last = $3 }' table)"
# fentry.multi is for what BTF describes, and the compiler's parts of functions it does not
$multi && by=kprobe.multi || by=kprobe
! $fentry_multi || grep -q '^vfs_[a-z_0-9]*[.]' $tracing/available_filter_functions || by=fentry.multi
has "by itself: $by" "attached by $by"$'\n' "$(<table.err)"$'\n'
is "no progress line where nobody watches" 0 "$(grep -c 'attaching' table.err)"

### Which functions

exits "no function matches" 4 'no function that matches' "$BPFTK" vfscount -r no_such_function 1
exits "a bad regular expression" 2 . "$BPFTK" vfscount -r '(' 1
exits "0 seconds" 2 . "$BPFTK" vfscount 0
exits "no number" 2 soon "$BPFTK" vfscount soon
begun=$EPOCHREALTIME
start seconds vfscount -r 'vfs_(read|write)' 1
ended
is "seconds: ends by itself" 0 $status
is "-r: no others" "" "$(awk '$1 ~ /^ffff/ && $2 !~ /^vfs_(read|write)$/' seconds)"

# one that kallsyms has but that nothing may probe
refused=$(awk 'NR == FNR { listed[$1] = 1; next } $3 == "_stext" { on = 1 } $3 == "_etext" { on = 0 }
	on && $2 ~ /[tT]/ && $3 ~ /^[a-z][a-z_0-9]+$/ && !listed[$3] && !/perf|cold/ { n[$3]++ }
	END { for (f in n) if (n[f] == 1) { print f; exit } }' $tracing/available_filter_functions /proc/kallsyms)
start some vfscount -r "(vfs_read|$refused)" 1
ended
has "what cannot be probed is said ($refused)" '1 function.? match' "$(<some.err)"
exits "only what cannot be probed" 4 'can be probed' "$BPFTK" vfscount -r "$refused" 1

### Hundreds at once: not so many where each of them takes its time

$multi && some='ext4_' || some='ext4_f'
modprobe ext4
mountpoint -q /mnt/ext4 && place=/mnt/ext4 || place=/tmp
prepare file $place/file 'O_RDWR|O_CREAT' stop write 41 100 fsync 1 create 3 $place/c unlink 3 $place/c
start many.json vfscount --json --pid $worker -r "^(vfs_|$some).*" && json=$tool
trace_on "vfs_* $some*" $worker
go
stop
traced | sort -k2 >many.traced
is "hundreds: second source: every function's count" "$(<many.traced)" "$(calls many.json)"
[ $place = /tmp ] || has "hundreds: ext4's are among them" '41 ext4_file_write_iter' "$(calls many.json)"

### Progress, on a terminal

script -qec "BPFTK_SINGLE_PROBES=1 $BPFTK vfscount --hook fentry -r 'vfs_(read|write|open)' 1" terminal </dev/null >/dev/null 2>&1
has "progress is shown on a terminal" 'attaching: 3 of 3 functions' "$(tr '\r' '\n' <terminal)"

# vfscount: a process whose calls are known; second source: the function tracer of the kernel, for the same process.
# slow: a probe and a copy of the program for each of eighty functions, several times over
. ../lib.sh

steps=(file /dev/zero O_RDWR stop read 101 1 write 67 1 open 37 /tmp/known O_RDONLY 0 fsync 0 stat 53 /tmp/known
	mkdir 1 /tmp/made rmdir 1 /tmp/made create 3 /tmp/c unlink 3 /tmp/c '!open' 13 /none O_RDONLY 0)

calls() { jq -r 'select(.function) | "\(.count) \(.function)"' "$1" | sort -k2; }
traced() { awk -v process="$1" '$1 == process { n[$2]++ } END { for (name in n) print n[name], name }' traced | sort -k2; }
filters+='def called(name): map(select(.function == name) | .count) | add // 0;'
echo >/tmp/known
echo 8192 >$tracing/buffer_size_kb

# kprobe.multi needs 5.18, and CONFIG_FPROBE, which Debian's 6.1 has not
grep -q ' register_fprobe_ips$' /proc/kallsyms && multi=true || multi=false
grep -q ' bpf_tracing_multi_attach$' /proc/kallsyms && fentry_multi=true || fentry_multi=false

cp /proc/kallsyms .

### Every way at once, the table and the way chosen by itself, and hundreds of functions (not so many where each takes its time)

# A copy of the program for each function takes its time, too: of all of them where that is the only way (5.10, 6.1)
few='vfs_(read|write|open|unlink|mkdir|rmdir|create|statx|fsync)'
ways_of=()
prepare "${steps[@]}"
for way in $ways "kprobe single" "fentry single"; do
	case $way in	# where that is the only way, it has been shown
	"kprobe single") $multi || continue ;;
	"fentry single") $fentry_multi || continue ;;
	esac
	[[ $way != *single ]] || export BPFTK_SINGLE_PROBES=1
	launch ${way// /-}.json vfscount --json --hook ${way% *} --pid $worker $([[ $way != *single ]] || echo -r "$few")
	unset BPFTK_SINGLE_PROBES
	ways_of+=("$way")
done
launch table vfscount --pid $worker
launch columns vfscount --json --meta --columns count,function --pid $worker -r 'vfs_(read|write)'
launch csv vfscount --csv --pid $worker -r 'vfs_(read|write)'
one=$worker
$multi && some='ext4_' || some='ext4_f'
modprobe ext4
mountpoint -q /mnt/ext4 && place=/mnt/ext4 || place=/tmp
prepare file $place/file 'O_RDWR|O_CREAT' stop write 41 100 fsync 1 create 3 $place/c unlink 3 $place/c
launch many.json vfscount --json --pid $worker -r "^(vfs_|$some).*"
# modules have type information since 5.11
modules='(vfs_write|vfs_create|ext4_file_write_iter|ext4_file_open)'
[[ $ways != *fentry* ]] || [ ! -e /sys/kernel/btf/ext4 ] ||
	launch modules.json vfscount --json --pid $worker --hook fentry -r "^$modules$"
all_ready
trace_on "vfs_.*|$some.*" $one $worker
go_all $one $worker
trace_off
all_stop
traced $worker >many.traced
fits vfscount many.json columns csv
traced $one | grep ' vfs_' >vfs.traced

for way in "${ways_of[@]}"; do
	name=${way// /-}
	case $way in
	*single) by=${way% *} ;;
	kprobe) $multi && by=kprobe.multi || by=kprobe ;;
	fentry) $fentry_multi && by=fentry.multi || by=fentry ;;
	esac
	[[ $way = *single ]] && only=" $few\$" || only=.
	grep -E "$only" vfs.traced >$name.traced
	is "$name: ends well" 0 ${statuses[$name.json]}
	has "$name: is that way" "attached by $by"$'\n' "$(<$name.json.err)"$'\n'
	if [ "${way% *}" = fentry ] && grep -q '[.]' $name.traced; then	# the compiler's parts of functions are not in BTF
		has "$name: says that some cannot be probed" 'cannot be probed' "$(<$name.json.err)"
		sed -i '/[.]/d' $name.traced
	fi
	are $name.json \
		"$name: reads" 101 'called("vfs_read")' \
		"$name: writes" 67 'called("vfs_write")' \
		"$name: opens" 40 'called("vfs_open")' \
		"$name: unlinks" 3 'called("vfs_unlink")' \
		"$name: mkdir" 1 'called("vfs_mkdir")'
	is "$name: second source: every function's count" "$(<$name.traced)" "$(calls $name.json)"
	is "$name: addresses are kallsyms' own" "" "$(jq -r 'select(.addr) | "\(.addr) \(.function)"' $name.json |
		awk 'NR == FNR { known["0x" $1 " " $3] = 1; next } !known[$0]' kallsyms -)"
	# where programs are preempted, one program that sees all functions is skipped for calls of others
	[[ $by = fentry* ]] && preempts || is "$name: nothing lost" 1 "$(grep -c ' 0 lost' $name.json.err)"
done

is "table: the columns" "ADDR             FUNC                          COUNT" "$(grep -m1 ADDR table)"
is "table: the same" "$(calls kprobe.json)" "$(awk 'NF == 3 && $1 ~ /^[0-9a-f]+$/ { print $3, $2 }' table | sort -k2)"
is "table: addresses" "" "$(awk 'NR == FNR { known[$1 " " $3] = 1; next } $1 ~ /^ffff/ && !known[$1 " " $2]' kallsyms table)"
is "table: sorted" "" "$(awk '$1 ~ /^ffff/ { if ($3 < last) print; last = $3 }' table)"
# fentry.multi is for what BTF describes, and the compiler's parts of functions it does not
$multi && by=kprobe.multi || by=kprobe
! $fentry_multi || grep -q '^vfs_[a-z_0-9]*[.]' functions || by=fentry.multi
has "by itself: $by" "attached by $by"$'\n' "$(<table.err)"$'\n'
is "no progress line where nobody watches" 0 "$(grep -c 'attaching' table.err)"
is "hundreds: second source: every function's count" "$(<many.traced)" "$(calls many.json)"
if [ -e modules.json ]; then
	is "modules by fentry: second source" "$(grep -E " $modules$" many.traced)" "$(calls modules.json)"
	$fentry_multi && by=fentry.multi || by=fentry
	has "modules by fentry: that way" "attached by $by"$'\n' "$(<modules.json.err)"$'\n'
fi
[ $place = /tmp ] || has "hundreds: ext4's are among them" '41 ext4_file_write_iter' "$(calls many.json)"

### Which functions

# one that kallsyms has but that nothing may probe
refused=$(awk 'NR == FNR { listed[$1] = 1; next } $3 == "_stext" { on = 1 } $3 == "_etext" { on = 0 }
	on && $2 ~ /[tT]/ && $3 ~ /^[a-z][a-z_0-9]+$/ && !listed[$3] && !/perf|cold/ { n[$3]++ }
	END { for (f in n) if (n[f] == 1) { print f; exit } }' functions kallsyms)
launch later vfscount --json -r '(vfs_open|tun_chr_.*)'
start seconds vfscount -r "(vfs_(read|write)|$refused)" 1
exits "only what cannot be probed" 4 'can be probed' "$BPFTK" vfscount -r "$refused" 1
exits "no function matches" 4 'no function that matches' "$BPFTK" vfscount -r no_such_function 1
ended
is "seconds: ends by itself" 0 $status
all_ready
[ ! -d /sys/module/tun ] || not_ok "a module that comes later" "is there already"
modprobe tun && : </dev/net/tun	# which is tun_chr_open
all_stop
are later "what a module brings later is not seen" '[true,0]' '[called("vfs_open") > 0, rows(.function != "vfs_open")]'
is "-r: no others" "" "$(awk '$1 ~ /^ffff/ && $2 !~ /^vfs_(read|write)$/' seconds)"
has "what cannot be probed is said ($refused)" '1 function.? match' "$(<seconds.err)"

once || exit
exits "a bad regular expression" 2 . "$BPFTK" vfscount -r '(' 1

### Progress, on a terminal

script -qec "BPFTK_SINGLE_PROBES=1 $BPFTK vfscount --hook fentry -r 'vfs_(read|write|open)' 1" terminal </dev/null >/dev/null 2>&1
has "progress is shown on a terminal" 'attaching: 3 of 3 functions' "$(tr '\r' '\n' <terminal)"

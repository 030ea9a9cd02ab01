# Calls that the kernel has not shown are in its books, of programs or of links: whatever a probe was made by, they are counted;
# and where it keeps no such book, that is said.
. ../lib.sh

# A function that the program itself calls, for each call of another one that is seen: its program is skipped, or its probe
# misses, as often.
echo >f
filters+='def called(name): map(select(.function == name) | .count) | add // 0;'
grep -q ' register_fprobe_ips$' /proc/kallsyms && multi=true || multi=false
grep -q ' bpf_tracing_multi_attach$' /proc/kallsyms && fentry_multi=true || fentry_multi=false
ways_of=()
for way in $ways; do	# before 5.12 (ca06f55b9002) fentry calls itself for ever
	[ $way = fentry ] && kernel_before 5.12 || ways_of+=($way)
done
! $multi || $fentry_multi || ways_of+=("kprobe single")
for way in "${ways_of[@]}"; do
	[[ $way != *single ]] || export BPFTK_SINGLE_PROBES=1
	prepare stop comm known create 101 c unlink 101 c
	start out vfscount --json --hook ${way% *} --comm known -r '^(vfs_unlink|bpf_get_current_comm)$'
	unset BPFTK_SINGLE_PROBES
	go
	books=$(bpftool -j prog show | jq '[.[] | select(.name == "many" or .name == "count").recursion_misses // 0] | add // 0')
	stop
	ask out 'called("vfs_unlink")' lost
	is "$way: seen" 101 ${answers[0]}
	case $way in
	fentry*) kept=101 ;;
	*) { [[ $way = kprobe ]] && $multi; } || ! kernel_before 6.7 && kept=101 || kept= ;;
	esac
	is "$way: missed" "${kept:-0}" ${answers[1]}
	[ "$books" = 0 ] || is "$way: bpftool says so, too" "$books" ${answers[1]}
	if [ "$kept" ]; then
		is "$way: all is counted" 0 "$(grep -cE 'does not count|counts neither' out.err)"
	else
		is "$way: that there is no book is said, once" 1 "$(grep -cE 'does not count|counts neither' out.err)"
	fi
done

# Why not: the cause that is told is the true one, by exit code and by line; and what works all the same is not refused.
# slow: programs are loaded some forty times, with one right less each time
. ../lib.sh

b=$BPFTK
echo >f
modprobe -a ext4 xfs
grep -q ' register_fprobe_ips$' /proc/kallsyms && multi=true || multi=false
filters+='def called(name): map(select(.function == name) | .count) | add // 0;'

### No permission: 3

two() { setpriv --bounding-set -all,+bpf,+perfmon --inh-caps -all,+bpf,+perfmon "$@"; }
paranoid=/proc/sys/kernel/perf_event_paranoid
grep -qx 3 $paranoid || not_ok 'these kernels are paranoid' "$(<$paranoid)"
if kernel_before 5.11; then
	exits 'two capabilities: memory' 3 'CAP_SYS_RESOURCE, or more locked memory' two $b vfsstat 1 1
else
	exits 'two capabilities: functions of modules' 3 \
		'fentry: the type information of modules.* CAP_SYS_ADMIN is missing; by kprobe: .*kernel.perf_event_paranoid is 3' two $b xfsdist 1 1
fi
ulimit -l unlimited
two $b vfsstat --hook fentry --explain >out 2>&1
is 'two capabilities: fentry of functions of the kernel' '0 0' "$? $(grep -c 'not on this kernel' out)"
echo 2 >$paranoid
two $b xfsdist --explain >out 2>&1
has 'two capabilities, less paranoid: kprobes in modules' '^0 .*kprobe +xfs_file_read_iter +attached' "$? $(<out)"

### No list of what can be probed: what cannot is left out, and counted

no_list() { unshare -m bash -c 'umount /sys/kernel/tracing; umount -l /sys/kernel/debug; exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"' - "$@"; }
some='^(native_.*|vfs_unlink)$'
no_list $b vfscount --hook kprobe --json -r "$some" --exec $WORK create 101 c unlink 101 c >out 2>err
is 'no list: exit code' 0 $?
are out 'no list: counted' 101 'called("vfs_unlink")'
has 'no list: how many are left out' ' [1-9][0-9]* functions match but cannot be probed' "$(<err)"
if $multi; then
	without=$(sed 's/.* \([0-9]* functions\) .*/\1/' err)
	unshare -m bash -c 'umount /sys/kernel/tracing; umount -l /sys/kernel/debug; exec "$@"' - \
		$b vfscount --hook kprobe -r "$some" --explain >out 2>err
	has 'no list: as many as by the list, which is read where it is mounted nowhere' "$without" "$(<err)"
fi
if grep -q ' bpf_tracing_multi_attach$' /proc/kallsyms; then
	no_list $b vfscount --hook fentry --json -r "$some" --exec $WORK create 101 c unlink 101 c >out 2>err
	is 'no list, fentry: exit code' 0 $?
	are out 'no list, fentry: counted' 101 'called("vfs_unlink")'
fi
echo 3 >$paranoid

### Switched off: what does not fire is refused, and what fires is not

ftrace() { echo $1 >/proc/sys/kernel/ftrace_enabled; } 2>/dev/null
kprobes() { echo $1 >/sys/kernel/debug/kprobes/enabled; }
[[ $ways != *fentry* ]] || preempts || by_itself=fentry
if ftrace 0; then	# the newest lets nobody
	for way in $ways; do
		exits "ftrace is off: $way" 4 'kernel.ftrace_enabled is 0' $b opensnoop --hook $way -d 1
	done
	exits 'ftrace is off: many functions' 4 'kernel.ftrace_enabled is 0' $b vfscount 1
	# where tracepoints' programs are preempted, tools are at functions instead
	traces_preempted || has 'ftrace is off: tracepoints' 'chosen.* block_rq_issue +attached' "$($b biolatency --hook kprobe --explain)"
	ftrace 1
fi
kprobes 0
exits 'kprobes are off' 4 'kprobes are switched off' $b opensnoop --hook kprobe -d 1
exits 'kprobes are off, and nobody can ask' 4 'kprobes do not fire' \
	unshare -m bash -c 'echo 2 >/proc/sys/kernel/perf_event_paranoid; umount -l /sys/kernel/debug; exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"' - $b opensnoop --hook kprobe -d 1
! $multi || has 'kprobes are off: kprobe.multi is no kprobe' 'kprobe.multi' "$($b vfscount --hook kprobe --explain)"
[ ! "${by_itself:-}" ] || has 'kprobes are off: by fentry, then' 'fentry +chosen' "$($b opensnoop --explain)"
kprobes 1
launch later.out vfsstat --hook kprobe 1
launch later2.out opensnoop --hook kprobe
all_ready
kprobes 0
nap 2.5
has 'kprobes are switched off later: said at once' 'nothing is seen any more: kprobes' "$(<later.out.err)"
kprobes 1
nap 1.2
has 'and switched on again' 'probes fire again' "$(<later.out.err)"
# on again before a kprobe goes: of one that goes while it is off, ftrace shuts itself down for good (6.12)
if ftrace 0; then said=ftrace_enabled; nap 2.5; ftrace 1; else said=kprobes; fi
stop "${tools[-1]}"
has 'switched off later: said at the end at the latest' "nothing is seen any more: kernel.$said|nothing is seen any more: $said" "$(<later2.out.err)"
is 'switched off later: exit code' 1 $status
group=("${group[@]:0:2}")
all_stop
is 'switched off for a while: exit code' 1 ${statuses[later.out]}

once || exit

### No room: 1

few_files() { (ulimit -n "$1" && exec "${@:2}"); }
for way in $ways; do
	exits "40 files, a copy for each function by $way" 1 'cannot attach to [a-z_]+: Too many open files: ulimit -n allows 40' \
		few_files 40 env BPFTK_SINGLE_PROBES=1 $b vfscount --hook $way 1
done
exits '25 files: no optional hook is left out for that' 1 'Too many open files: ulimit -n allows 25' \
	few_files 25 $b opensnoop --hook kprobe -d 1
exits '5 files: not even for waiting' 1 'event loop: Too many open files' few_files 5 $b vfsstat 1 1
(ulimit -Sn 40 && BPFTK_SINGLE_PROBES=1 exec $b vfscount --hook kprobe -r 'vfs_[a-s].*' --explain) >out 2>err
is 'of 40 files that may be more: more' '0 1' "$? $(grep -cE '  kprobe +[0-9]{2} functions, [0-9]+ more' out)"

### No permission, no kprobes

[ ! -e /sys/kernel/btf/xfs ] || exits 'two capabilities: functions of modules, one by one' 3 \
	'type information of module xfs.* CAP_SYS_ADMIN is missing' two $b vfscount --hook fentry -r '^xfs_file_open$' 1
no_kprobes() { unshare -m bash -c 'mount -t tmpfs none /sys/bus/event_source/devices; umount /sys/kernel/tracing; umount -l /sys/kernel/debug; exec "$@"' - "$@"; }
exits 'no kprobes' 4 'built without kprobes' no_kprobes $b vfsstat --hook kprobe 1 1
exits 'no kprobes, a copy for each function' 4 'built without kprobes' no_kprobes env BPFTK_SINGLE_PROBES=1 $b vfscount --hook kprobe 1

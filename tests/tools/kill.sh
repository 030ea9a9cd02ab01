# SIGKILL at any moment leaves nothing attached and nothing loaded; only the names of return probes, which are disabled, stay
# in tracefs, and the next run takes them away.
# slow: a start costs half as much again on 5.10 and 7.3, elsewhere this is 26 s
. ../lib.sh

# What is there: kprobes, links, programs and maps (but for their numbers), functions with a trampoline
everything() {
	bpftool batch file - <<<$'link list\nprog list\nmap list'
	cat /sys/kernel/debug/kprobes/list /sys/kernel/tracing/enabled_functions /sys/kernel/tracing/kprobe_events
} 2>/dev/null

there() { everything | grep -v -e '\[DISABLED\]' -e ':bpftk/'; }

all_before=$(everything)
before=$(there)
[[ $(bpftool batch file - <<<$'prog list' 2>&1) != *rror* ]] || not_ok 'bpftool batch' 'failed'

# clean DESCRIPTION: soon, for the kernel frees programs and maps a little later
clean() {
	local tries now
	for tries in {1..100}; do
		now=$(there)
		[ "$now" = "$before" ] && break
		nap 0.2
	done
	is "$1: nothing is left" "$before" "$now"
}

all='vfsstat opensnoop filetop biolatency vfscount'
attached=$before
for way in $ways; do
	for name in $all; do
		[ "$name" = vfscount ] && options='-r vfs_(read|write)' || options=
		launch "$name-$way" "$name" --hook "$way" $options
	done
	all_ready
	now=$(there)
	[ "$now" != "$attached" ] || not_ok "$way: the tools attached nothing" ''
	attached=$now
done
kill -KILL "${tools[@]}"
wait 2>/dev/null
group=() tools=()
clean "SIGKILL of $all, both ways"

for delay in 0.1 0.4 0.8; do
	launch out opensnoop --hook kprobe
	one=$tool
	launch out2 vfsstat --hook fentry
	nap $delay
	kill -KILL "$one" "$tool"
	wait 2>/dev/null
	group=()
	clean "SIGKILL after $delay s"
done

# A command that waits for its tool ends with it
launch out opensnoop --exec "$WORK" create 1 made stop
child_of "$tool"	# it forks first, and attaches for a while
kill -KILL "$tool"
wait "$tool" 2>/dev/null
nap 1
is '--exec: the command did not run' 0 "$(ls made* 2>/dev/null | wc -l)"
is '--exec: and is gone' '' "$(pgrep -f "work create" || true)"
clean '--exec'

start out filetop --hook kprobe
kill -KILL "$tool"
ended 2>/dev/null
holds 'names are left in tracefs' "$(grep -c :bpftk/ /sys/kernel/tracing/kprobe_events) > 0"
start out filetop --hook kprobe
stop
clean 'the next run'
is 'the next run: nor any name' "$all_before" "$(everything)"

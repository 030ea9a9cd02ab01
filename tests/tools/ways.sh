# Which way is taken into functions, and what is said where there is but one.
. ../lib.sh

"$BPFTK" opensnoop --explain >out 2>&1
is '--explain: exit code' 0 $?
if [[ $ways = *fentry* ]]; then
	"$BPFTK" opensnoop --hook fentry --explain >out 2>&1
	is 'fentry: exit code' 0 $?
	has 'fentry: is there' 'fentry +chosen' "$(<out)"
else
	has 'no trampolines: kprobe is chosen' 'kprobe +chosen' "$(<out)"
	has 'no trampolines: --explain says why not fentry' 'fentry +cannot attach to [a-z0-9_]+: .*trampoline' "$(<out)"
	exits 'no trampolines: --hook fentry is refused' 4 'trampoline' "$BPFTK" opensnoop --hook fentry -d 1
fi

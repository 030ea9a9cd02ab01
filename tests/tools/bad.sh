# Bad places: one clear line on stderr and the right exit code, never a crash, never a forged row. Bad input that no kernel
# is needed for: tests/usage.
# slow: the kernel that is asked everything has twenty starts more
. ../lib.sh

b=$BPFTK
echo >f

exits 'a cgroup that does not exist' 2 '/nosuchgroup' $b opensnoop --cgroup /nosuchgroup
exits 'a cgroup that is none' 2 '/tmp' $b opensnoop --cgroup /tmp
exits '--exec of a program that does not exist' 127 'cannot run /nosuchprogram' $b opensnoop --exec /nosuchprogram

### Not permitted: 3

for name in opensnoop vfsstat filetop biolatency; do
	exits "$name: nobody" 3 'not permitted' setpriv --reuid 65534 --regid 65534 --clear-groups $b $name
done
exits 'root without CAP_BPF and CAP_SYS_ADMIN' 3 'not permitted' setpriv --bounding-set -sys_admin,-bpf,-perfmon --inh-caps -sys_admin,-bpf,-perfmon $b vfsstat

### This kernel cannot: 4

hide() { unshare -m bash -c 'mount -t tmpfs none "$0" && shift 0 && exec "$@"' "$@"; }
# since 5.11 (5329722057d4) root gets it from the kernel without that directory
no_btf() { hide /sys/kernel/btf setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"; }
exits 'no BTF' 4 'no BTF' no_btf $b vfsstat 1 1
if ! kernel_before 5.11; then
	hide /sys/kernel/btf $b vfsstat --hook fentry --json 1 1 >out 2>err
	is 'BTF, but no files of it: exit code' 0 $?
	is 'BTF, but no files of it: a row' 1 "$(rows out)"
fi
exits 'no BTF, --btf of no such file' 2 '/nosuchfile' hide /sys/kernel/btf $b vfsstat --btf /nosuchfile 1 1
exits '--btf of a file that is none' 2 '/etc/passwd' $b vfsstat --btf /etc/passwd 1 1
cp /sys/kernel/btf/vmlinux btf
hide /sys/kernel/btf $b vfsstat --hook kprobe --json --btf btf 1 1 >out 2>err
is 'no BTF, but --btf: exit code' 0 $?
is 'no BTF, but --btf: a row' 1 "$(rows out)"
if [ ! -e /sys/kernel/btf/ext4 ] && [ -d /mnt/ext4 ]; then	# before 5.11
	exits 'no BTF of modules' 4 'ext4' $b ext4dist --hook fentry 1 1
fi
rmmod xfs 2>/dev/null
exits 'a file system that is not in use' 4 'is zfs in use' $b zfsdist 1 1

# No tracefs, no debugfs
without() { unshare -m bash -c 'umount /sys/kernel/tracing; umount -l /sys/kernel/debug; exec "$@"' - "$@"; }
for way in $ways; do
	without $b opensnoop --hook $way -d 1 >out 2>err
	code=$?
	has "no tracefs: opensnoop by $way: works, or says so" '^(0 1 0|[1-4] 0 1)$' "$code $(lines out) $(grep -vc 'may skip' err)"
done
without $b vfscount -r '^vfs_read$' 1 >out 2>err
code=$?
has 'no tracefs: vfscount: works, or says so' '^(0 [1-9][0-9]* 0|[1-4] 0 1)$' "$code $(lines out) $(grep -vc '^Tracing' err)"

### Standard output: closed, full, a pipe that nobody reads

once || exit
# all at once: they take their time
pids=()
for name in opensnoop vfsstat filetop biolatency vfscount; do
	options='-d 2'
	case $name in
	opensnoop) ;;
	vfscount) options='-r ^vfs_read$ 1' ;;
	*) options='1 2' ;;
	esac
	"$b" $name $options >&- 2>$name.closed &
	pids+=($!)
	"$b" $name $options >/dev/full 2>$name.full &
	pids+=($!)
done
for name in opensnoop vfsstat filetop biolatency vfscount; do
	wait ${pids[0]}
	is "$name: stdout closed" 1 $?
	has "$name: stdout closed: said once" '^[^'$'\n'']+$' "$(grep -v ^Trac $name.closed)"
	wait ${pids[1]}
	is "$name: stdout full" 1 $?
	has "$name: stdout full: said once" '^[^'$'\n'']*No space left[^'$'\n'']*$' "$(grep -v ^Trac $name.full)"
	pids=("${pids[@]:2}")
done
(timeout 20 "$b" vfsstat 1; echo $? >code) 2>err | head -n1 >/dev/null
is 'a closed pipe: exit code' 0 "$(<code)"
is 'a closed pipe: nothing to say' 0 "$(lines err)"
# stdin closed, and all three
"$b" opensnoop -d 1 >out 2>err <&-
has 'stdin closed' '^(0 0|1 1)$' "$? $(lines err)"
"$b" opensnoop -d 1 <&- >&- 2>&-
is 'all three closed' 1 $?

### Names: an escape, newlines, broken UTF-8, quotes, a row as a name, a cell as a name

names=($'esc\e[31mred' $'two\nlines' $'broken\xff\xfe' 'quo"te,comma' $'1234   root               3   0 /etc/shadow' $'cr\rcr' $'rtl\u202efdp' '=1+1')
mkdir -p "${names[4]%/*}"
steps=()
for name in "${names[@]}"; do steps+=(open 1 "$name" 'O_CREAT|O_RDWR' 0600); done
comm=$'e\e[2J\n"w,'
prepare stop comm "$comm" "${steps[@]}" file "${names[1]}" O_RDWR write 1 1 file "${names[0]}" O_RDWR write 1 1
launch table opensnoop --pid "$worker"
launch json opensnoop --json --pid "$worker"
launch csv opensnoop --csv --columns comm,path,err --pid "$worker"
launch top filetop --pid "$worker" 3600
all_ready
go
all_stop
opened=$((${#names[@]} + 2))
is 'names: rows of the table' $((opened + 1)) "$(lines table)"
is 'names: no control character in the table' 0 "$(grep -cP '[\x00-\x08\x0b-\x1f\x7f]' table)"
is 'names: the table is valid UTF-8' 0 "$(iconv -f UTF-8 -t UTF-8 table 2>&1 >/dev/null | wc -l)"
is 'names: no control character in filetop' 0 "$(grep -cP '[\x00-\x08\x0b-\x1f\x7f]' top)"
is 'names: rows of filetop' 2 "$(grep -c ' R ' top)"
are json 'names: rows in JSON' "$opened" rows \
	'names: JSON gives them back' "$(printf '%s\n' "${names[@]}" | grep -av broken)" \
	"[.[] | select(.path // \"broken\" | test(\"broken\") | not).path][:${#names[@]} - 1][]" \
	'names: the bytes of the broken one' "$(printf '%s' "${names[2]}" | od -An -tx1 | tr -d ' \n')" '.[] | select(.path_hex).path_hex' \
	'names: comm in JSON' "$comm" 'map(.comm // empty) | unique | join("|")'
fits opensnoop json csv
is 'names: CSV reads back' "$opened" "$(python3 -c 'import csv; print(len([r for r in csv.DictReader(open("csv", newline="", errors="surrogateescape")) if None not in r and None not in r.values()]))' 2>&1)"
is 'names: no control character in CSV but quoted newlines' 0 "$(grep -cP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]' csv)"

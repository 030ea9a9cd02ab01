# vfsstat: eight counters. Second sources: the kernel's function tracer, strace, and the files that are there.
# slow: only on 5.10, elsewhere 30 s
. ../lib.sh

columns='read write fsync open create unlink mkdir rmdir'

# 7 created, 5 opened again with O_CREAT, 3 by mknod; what failed after it had reached the VFS counts, the rest does not
steps_in() {
	steps=(create 7 "$1/c" open 5 "$1/c0" 'O_CREAT|O_WRONLY' 0644 mknod 3 "$1/n"
		'!open' 17 "$1/none" O_RDONLY 0 open 23 "$1/c1" O_RDONLY 0
		file "$1/c2" O_RDWR write 53 7 pwrite 6 3 0 seek 0 read 101 3 pread 4 1 0
		fsync 11 fdatasync 2
		file "$1/c2" O_WRONLY '!read' 13 1
		mkdir 19 "$1/d" '!mkdir' 2 "$1/d" create 1 "$1/d5/x" '!rmdir' 1 "$1/d5/../d5/"
		stop
		unlink 1 "$1/d5/x" rmdir 19 "$1/d" unlink 7 "$1/c" unlink 3 "$1/n" '!unlink' 3 "$1/n")
}
expected='118 59 13 38 11 11 19 19'	# rmdir: the last component of the failing one is empty, it never gets to the VFS

# Compilers inline vfs_fsync_range and vfs_rmdir into their callers, here and there: the system calls and what vfs_rmdir
# calls tell. In the order of the columns, without create.
case $(uname -m) in
aarch64) call=__arm64_sys ;;
*)       call=__x64_sys ;;
esac
functions="vfs_read vfs_write ${call}_fsync ${call}_fdatasync vfs_open vfs_unlink vfs_mkdir security_inode_rmdir"
traced() {
	awk -v names="$functions" '{ sub("fdatasync", "fsync", $2); n[$2]++ }
		END { sub("[^ ]*_fdatasync ", "", names); split(names, name, " "); for (i = 1; i in name; i++) printf("%s%d", (i > 1 ? " " : ""), n[name[i]]) }' traced
}

counted="[$(printf 'sum(.%s),' $columns | sed 's/,$//')] | map(tostring) | join(\" \")"

# Both ways watch the same work at once, here and below: a start takes its time
mkdir tmpfs
steps_in tmpfs
prepare stop "${steps[@]}"
for way in $ways; do launch $way vfsstat --json --hook "$way" --pid "$worker"; done
all_ready
trace_on "${functions// /|}" "$worker"
go
files=(tmpfs/[cn]* tmpfs/d5/x)
go
trace_off
all_stop
for way in $ways; do
	ask $way "$counted" 'sum(.create)'
	is "$way: exit code" 0 "${statuses[$way]}"
	is "$way: JSON of $columns" "$expected" "${answers[0]}"
	is "$way: files there" ${#files[@]} "${answers[1]}"
	is "$way: function tracer" "$(traced)" "$(cut -d' ' -f1-4,6-8 <<<"${answers[0]}")"
	has "$way: nothing lost" '0 lost' "$(<$way.err)"
done
rm -r tmpfs

if [ -d /mnt/ext4 ]; then
	mkdir /mnt/ext4/v
	steps_in /mnt/ext4/v
	prepare stop "${steps[@]}" file /mnt/ext4/v/s 'O_CREAT|O_SYNC|O_WRONLY' write 3 1
	for way in $ways; do launch $way vfsstat --counts --hook "$way" --pid "$worker"; done
	all_ready
	go
	go
	all_stop
	for way in $ways; do
		has "$way: heading with --counts" '^TIME +READ +WRITE +FSYNC +OPEN +CREATE +UNLINK +MKDIR +RMDIR$' "$(head -n1 $way)"
		is "$way: table on ext4, O_SYNC writes too" '118 62 16 39 12 11 19 19' \
			"$(awk 'NR > 1 { for (i = 2; i <= NF; i++) n[i] += $i; f = NF } END { for (i = 2; i <= f; i++) printf("%s%d", (i > 2 ? " " : ""), n[i]) }' $way)"
	done
	rm -r /mnt/ext4/v
fi

# Each of these filters lets another part of the same work through: see the steps
mkdir -m 777 mine
mkdir -p /sys/fs/cgroup/above/below
prepare_child mkdir 2 mine/a comm chosen mkdir 3 mine/b setuid 1234 mkdir 5 mine/c thread mkdir 7 mine/d
echo "$child" >/sys/fs/cgroup/above/below/cgroup.procs
for way in $ways; do
	n=0
	for filter in "--ppid $worker" "--tid $child --columns read,mkdir" '--uid 1234' '--comm hose' '--cgroup /sys/fs/cgroup/above'; do
		launch "out$((n++))-$way" vfsstat --json --meta --hook "$way" $filter
	done
done
all_ready
run mkdir 29 mine/noise
go_child
all_stop
for way in $ways; do
	ask_each 'sum(.mkdir)' out{0,1,2,3,4}-$way
	is "$way: --ppid" 17 "${answers[0]}"
	is "$way: --tid" 10 "${answers[1]}"
	is "$way: --uid" 12 "${answers[2]}"
	is "$way: --comm" 15 "${answers[3]}"
	is "$way: --cgroup, the one above" 17 "${answers[4]}"
done
rm -r mine

# The same work counted by strace
mkdir tmpfs
steps_in tmpfs
strace -f -c -U name,calls,errors -o strace.out "$WORK" "${steps[@]/stop/close}" || not_ok 'strace' "$(<strace.out)"
strace_calls() { awk -v names="$*" '$1 ~ "^(" names ")$" { n += $2 } END { print n + 0 }' strace.out; }
is 'strace: read, pread64' 118 "$(strace_calls 'read|pread64')"
is 'strace: write, pwrite64' 59 "$(strace_calls 'write|pwrite64')"
is 'strace: fsync, fdatasync' 13 "$(strace_calls 'fsync|fdatasync')"
rm -r tmpfs

# FUSE creates and opens in one step
if modprobe fuse 2>/dev/null && command -v bindfs >/dev/null; then
	mkdir below fuse
	bindfs below fuse
	prepare stop create 5 fuse/c open 3 fuse/c1 'O_CREAT|O_RDONLY' 0600 open 7 fuse/c2 O_RDONLY 0
	start csv vfsstat --csv --pid "$worker"
	go
	stop
	is 'CSV: open,create on FUSE' '15,5' \
		"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { o += $at["open"]; c += $at["create"] } END { print o "," c }' csv)"
	umount fuse
fi

[ ! -e csv ] || csv=csv
fits vfsstat out{0,1}-${ways##* } ${csv-}

# Intervals
once || exit
echo >f
"$BPFTK" vfsstat --json 1 3 >out
is 'interval 1, count 3: exit code' 0 $?
is 'interval 1, count 3: rows' 3 "$(rows out)"
"$BPFTK" vfsstat --json 0.5 2 >out	# a busy machine may be late, but not early
is 'interval 0.5: half a second' '2 true' "$(jq -rs 'map(.interval_s) | "\(length) \(all(. > 0.25) and .[0] < 1 and add >= 0.99)"' <out)"
"$BPFTK" vfsstat --json --interval 0.2 -v --duration 0.5 >out 2>out.err
is '--interval 0.2 --duration 0.5: two and a half' '3 true' "$(jq -rs 'map(.interval_s) | "\(length) \(add >= 0.49)"' <out)"
"$BPFTK" vfsstat --json --exec "$WORK" open 23 f O_RDONLY 0 '!open' 17 none O_RDONLY 0 >out
is '--exec: its opens, and that of its program' 24 "$(sum out open)"
"$BPFTK" vfsstat 1 1 >out
has 'heading without --counts' '^TIME +READ/s +WRITE/s ' "$(head -n1 out)"

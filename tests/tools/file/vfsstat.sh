# vfsstat: eight counters. Second sources: the kernel's function tracer, strace, and the files that are there.
# slow: nine variants by both ways, and each start costs a second and a half
. ../lib.sh

columns='read write fsync open create unlink mkdir rmdir'

# Directories that cannot be removed, and a file that cannot be opened yet
stubborn_in() {
	mkdir -p "$1"/full{0,1,2}/x "$1"/busy{0,1}
	mkfifo "$1/fifo"
	mount -t tmpfs busy "$1/busy0" && mount -t tmpfs busy "$1/busy1"
}

# 7 created, 5 opened again with O_CREAT, 3 by mknod; what failed after it had reached the VFS counts, the rest does not
steps_in() {
	steps=(create 7 "$1/c" open 5 "$1/c0" 'O_CREAT|O_WRONLY' 0644 mknod 3 "$1/n"
		'!open' 17 "$1/none" O_RDONLY 0 '!open' 2 "$1/fifo" 'O_WRONLY|O_NONBLOCK' 0 open 23 "$1/c1" O_RDONLY 0
		file "$1/c2" O_RDWR write 53 7 pwrite 6 3 0 seek 0 read 101 3 pread 4 1 0
		fsync 11 fdatasync 2 msync 5
		file "$1/c2" O_WRONLY '!read' 13 1
		mkdir 19 "$1/d" '!mkdir' 2 "$1/d" create 1 "$1/d5/x"
		'!rmdir' 3 "$1/full" '!rmdir' 2 "$1/busy" '!rmdir' 3 "$1/n" '!rmdir' 7 "$1/none" '!unlink' 2 "$1/full"
		stop
		unlink 1 "$1/d5/x" rmdir 19 "$1/d" unlink 7 "$1/c" unlink 3 "$1/n" '!unlink' 3 "$1/n")
}
expected='118 59 18 40 11 13 19 27'

# Compilers inline vfs_fsync_range and vfs_rmdir into their callers, here and there: the system calls tell, and whom do_rmdir
# asks. In the order of the columns, without create.
case $(uname -m) in
aarch64) call=__arm64_sys ;;
*)       call=__x64_sys ;;
esac
functions="vfs_read vfs_write ${call}_fsync ${call}_fdatasync ${call}_msync vfs_open vfs_unlink vfs_mkdir security_path_rmdir"
traced() {
	awk -v names="$functions" '{ sub("fdatasync|msync", "fsync", $2); n[$2]++ }
		END { gsub("[^ ]*_(fdatasync|msync) ", "", names); split(names, name, " "); for (i = 1; i in name; i++) printf("%s%d", (i > 1 ? " " : ""), n[name[i]]) }' traced
}

counted="[$(printf 'sum(.%s),' $columns | sed 's/,$//')] | map(tostring) | join(\" \")"

# Both ways watch the same work at once, here and below: a start takes its time
mkdir tmpfs
stubborn_in tmpfs
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
umount tmpfs/busy?
rm -r tmpfs

if [ -d /mnt/ext4 ]; then
	mkdir /mnt/ext4/v
	stubborn_in /mnt/ext4/v
	steps_in /mnt/ext4/v
	prepare stop "${steps[@]}" file /mnt/ext4/v/s 'O_CREAT|O_SYNC|O_WRONLY' write 3 1
	for way in $ways; do launch $way vfsstat --counts --hook "$way" --pid "$worker"; done
	all_ready
	go
	go
	all_stop
	for way in $ways; do
		has "$way: heading with --counts" '^TIME +READ +WRITE +FSYNC +OPEN +CREATE +UNLINK +MKDIR +RMDIR$' "$(head -n1 $way)"
		is "$way: table on ext4, O_SYNC writes too" '118 62 21 41 12 13 19 27' \
			"$(awk 'NR > 1 { for (i = 2; i <= NF; i++) n[i] += $i; f = NF } END { for (i = 2; i <= f; i++) printf("%s%d", (i > 2 ? " " : ""), n[i]) }' $way)"
	done
	umount /mnt/ext4/v/busy?
	rm -r /mnt/ext4/v
fi

# What it does not see, and what is no process's own: fsync by AIO, of a loop device; opens by the kernel. On overlay some
# calls count twice.
modprobe overlay 2>/dev/null
modprobe loop
mkdir -p stack tmpfs
mount -t tmpfs stack stack && mkdir stack/{lower,upper,work,all}
mount -t overlay -o lowerdir=stack/lower,upperdir=stack/upper,workdir=stack/work stack stack/all
big=/mnt/ext4/big	# tmpfs has no O_DIRECT before 6.6
[ -d /mnt/ext4 ] || not_ok "AIO" "needs tests/vm/run --disk ext4"
head -c 102400 /dev/zero | tee tmpfs/big $big.loop >$big
WORK=$WORK-aio prepare "$big" stop fsync:9 wait r:0:4096:7 wait
aio=$worker
prepare stop file tmpfs/big O_RDWR readv 3 100 writev 5 100 sendfile 2 100 copy 3 100 msync 2 uring_read 5 uring_write 7 \
	uring_fsync 3 acct 2 tmpfs/big \
	pipe from tmpfs/big splice 11 100 pipe write 1 100 to tmpfs/big2 splice 1 100 \
	mkdir 3 stack/all/d rmdir 3 stack/all/d mknod 5 stack/all/n unlink 5 stack/all/n
for way in $ways; do
	launch $way vfsstat --json --hook "$way" --pid "$worker"
	launch aio-$way vfsstat --csv --hook "$way" --pid "$aio"
	launch all-$way vfsstat --json --hook "$way"
done
loop=$(losetup -f --show "$big.loop")
all_ready
trace_on vfs_open "$worker"
go
trace_off
worker=$aio
go
dd if=/dev/zero of="$loop" bs=4096 count=1 conv=fsync status=none	# one by dd, and one below the device
all_stop
losetup -d "$loop"
holds "the kernel opens files for accounting" "$(lines traced) >= 3 + 2"	# 7.3 opens each twice
for way in $ways; do
	are $way \
		"$way: read, write: not vectors, AIO, io_uring, splice, sendfile, copy_file_range, mmap" '[0,1]' '[sum(.read), sum(.write)]' \
		"$way: mkdir, rmdir, unlink on overlay count twice" '[6,6,10]' '[sum(.mkdir), sum(.rmdir), sum(.unlink)]'
	are $way "$way: opens by the kernel for accounting; files made by overlay" "[$(lines traced),11]" '[sum(.open), sum(.create)]'
	are all-$way "$way: fsync by AIO, msync" 12 'sum(.fsync)'
	is "$way: CSV: with --pid no fsync by AIO; no read of it" '0,0' \
		"$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { f += $at["fsync"]; r += $at["read"] } END { print f "," r }' aio-$way)"
done
umount stack/all stack
rm $big $big.loop
rm -r tmpfs

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
stubborn_in tmpfs
steps_in tmpfs
strace -f -c -U name,calls,errors -o strace.out "$WORK" "${steps[@]/stop/close}" || not_ok 'strace' "$(<strace.out)"
strace_calls() { awk -v names="$*" '$1 ~ "^(" names ")$" { n += $2 } END { print n + 0 }' strace.out; }
is 'strace: read, pread64' 118 "$(strace_calls 'read|pread64')"
is 'strace: write, pwrite64' 59 "$(strace_calls 'write|pwrite64')"
is 'strace: fsync, fdatasync, msync' 18 "$(strace_calls 'fsync|fdatasync|msync')"
umount tmpfs/busy?
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
	has 'CSV: the length of the interval' ',interval_s,' "$(head -n1 csv)"
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

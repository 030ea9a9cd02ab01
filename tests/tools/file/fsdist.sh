# fsdist: ext4dist, xfsdist, btrfsdist, f2fsdist, nfsdist, fusedist. Processes whose calls are known, one on each file
# system, all at once; second sources: the function tracer of the kernel for the same processes, and for what returns
# -EIOCBQUEUED a kretprobe event of ftrace.
# slow: seven file systems, an NFS server among them, each by both ways and once more with asynchronous calls
. ../lib.sh

aio=$WORK-aio
echo 4096 >$tracing/buffer_size_kb
echo 1 >$tracing/tracing_on

# "READ WRITE OPEN FSYNC GETATTR lost LOST" of a JSON output, and "unsound" if a histogram does not add up
counts='. as $rows | [("read", "write", "open", "fsync", "getattr") as $operation |
		([$rows[] | select(.operation == $operation) | .count] | add // 0)] +
	["lost", ([$rows[] | select(.type == "lost" and (tostring | test("asynchronously"))) | .count] | add // 0)] +
	(if all($rows[] | select(.histogram); .count == ([.histogram[].count] | add) and .total_ns > 0) then [] else ["unsound"] end) |
	map(tostring) | join(" ")'
total_ns() { echo "map(select(.operation == \"$1\") | .total_ns) | add // 0"; }

declare -A module dir below read write open fsync getattr	# of each system: what follows its name below
systems=()

# system NAME MODULE DIRECTORY BELOW READ WRITE "OPEN..." FSYNC GETATTR: one to be tested. BELOW is where its files come
# from. Those five are its functions.
system() {
	systems+=($1)
	module[$1]=$2 dir[$1]=$3 below[$1]=$4 read[$1]=$5 write[$1]=$6 open[$1]=$7 fsync[$1]=$8 getattr[$1]=$9
}

# seen PROCESS FUNCTION...: how many calls of any of them the function tracer saw
declare -A calls
seen() {
	local function n=0
	for function in "${@:2}"; do n=$((n + ${calls[$1 $function]:-0})); done
	echo $n
}
seen_all() {
	local n call
	trace_off
	calls=()
	while read -r n call; do calls[$call]=$n; done < <(sort traced | uniq -c)
}

# no_fentry SYSTEM: this kernel has no type information of modules, which is said; 5.10 only
no_fentry() { [ ! -e /sys/kernel/btf/${module[$1]} ] && [ -d /sys/module/${module[$1]}/sections ]; }

tool_of() { echo ${1/#nfs[34]/nfs}dist; }

# either FUNCTION...: the names as a regular expression
either() { local IFS='|'; echo "$*"; }

### What is not there

modprobe -r nfsv4 nfsv3 nfs 2>/dev/null
for name in nfs bcachefs zfs; do
	exits "$name is not loaded" 4 "$name" "$BPFTK" ${name}dist 1 1
done

# nfs without nfsv4, which has a function that is timed, too: what comes with it later is not seen, and that is said
modprobe nfs
for way in $ways; do
	[ $way = kprobe ] || [ -e /sys/kernel/btf/nfs ] || continue
	launch early-$way nfsdist --hook $way --json --meta
done
all_ready
all_stop
for way in $ways; do
	[ -e early-$way ] || continue
	for out in "$(<early-$way.err)" "$(jq -r '.not_covered // empty | join("\n") | "not covered: \(.)"' early-$way)"; do
		has "$way: nfs without nfsv4" $'not covered: nfs4_atomic_open: module nfsv4 is not loaded($|\n)' "$out"
	done
	is "$way: nfs without nfsv4: once" 1 "$(grep -c 'not covered' early-$way.err)"
done
has "--explain: nfs without nfsv4" 'nfs4_atomic_open +module nfsv4 is not loaded' "$("$BPFTK" nfsdist --explain --hook kprobe 2>/dev/null)"

### Each file system; FUSE is bindfs; NFS has a server of our own

disk_of() {	# disk_of FS: is it there?
	mountpoint -q "/mnt/$1" || { not_ok "$1" "needs tests/vm/run --disk $1"; return 1; }
}
disk_of ext4 && system ext4 ext4 /mnt/ext4 /mnt/ext4 ext4_file_read_iter ext4_file_write_iter ext4_file_open ext4_sync_file ext4_file_getattr
disk_of xfs && system xfs xfs /mnt/xfs /mnt/xfs xfs_file_read_iter xfs_file_write_iter xfs_file_open 'xfs_file_fsync xfs_dir_fsync' xfs_vn_getattr
disk_of btrfs && system btrfs btrfs /mnt/btrfs /mnt/btrfs btrfs_file_read_iter btrfs_file_write_iter btrfs_file_open btrfs_sync_file btrfs_getattr
disk_of f2fs && system f2fs f2fs /mnt/f2fs /mnt/f2fs f2fs_file_read_iter f2fs_file_write_iter f2fs_file_open f2fs_sync_file f2fs_getattr

modprobe fuse
below_fuse=/tmp/below
[ "$(uname -m)" = x86_64 ] || below_fuse=/mnt/ext4/below	# elsewhere bindfs lets O_DIRECT through; tmpfs refuses it, before 6.6
mkdir -p /mnt/fuse $below_fuse
if bindfs $below_fuse /mnt/fuse 2>fuse.err; then
	system fuse fuse /mnt/fuse $below_fuse fuse_file_read_iter fuse_file_write_iter 'fuse_open fuse_create_open' 'fuse_fsync fuse_dir_fsync' fuse_getattr
else
	not_ok "fuse" "$(<fuse.err)"
fi

serve_nfs() {
	mkdir -p /tmp/export /mnt/nfs3 /mnt/nfs4 /run/rpcbind /var/lib/nfs/v4recovery /var/lib/nfs/rpc_pipefs
	mount -t tmpfs tmpfs /tmp/export
	modprobe nfsd && mount -t nfsd nfsd /proc/fs/nfsd || return
	: >>/var/lib/nfs/etab
	exportfs -o rw,no_root_squash,insecure,no_subtree_check,fsid=0 127.0.0.1:/tmp/export &&
		rpcbind -w && rpc.nfsd -G 10 -L 10 2 && rpc.mountd || return
	echo Y >/proc/fs/nfsd/v4_end_grace
	mount -t nfs4 -o soft 127.0.0.1:/ /mnt/nfs4 && mount -t nfs -o vers=3,nolock,soft,tcp 127.0.0.1:/tmp/export /mnt/nfs3
}
if serve_nfs >nfs.err 2>&1; then
	for version in 4 3; do
		system nfs$version nfs /mnt/nfs$version /tmp/export nfs_file_read nfs_file_write 'nfs_file_open nfs4_atomic_open' 'nfs_file_fsync nfs_fsync_dir' nfs_getattr
	done
else
	not_ok "nfs" "$(<nfs.err)"
fi

# second "FUNCTION..." COMMAND...: what these return while COMMAND runs is in the file `returned`
second() {
	local function
	for function in $1; do
		echo "r:second/$function $function "'ret=$retval:s64' >>$tracing/kprobe_events	# the tool's own are there as well
	done
	echo 1 >$tracing/events/second/enable
	"${@:2}"
	echo 0 >$tracing/events/second/enable
	grep -oE 'work(-aio)?-[0-9]+ .*ret=.*' $tracing/trace >returned
}

# second_off "FUNCTION...": they are no longer watched; this empties the trace
second_off() {
	local function
	for function in $1; do
		echo -:second/$function >>$tracing/kprobe_events
	done
}

### Plain calls; the file `old` is one that this mount has never seen (dropping all caches would slow 9p down). Directories are
### synced and have attributes, their opens do not count; some calls fail in the file system; what is mapped is no read.
### Then buffered reads by io_uring from the disk, each of which is tried several times; by the process itself, where the file
### system can wake it (others have a worker, which is a thread of the kernel before 5.12).

known=0 cold=13 tried=0
reading=$(printf '%s\n' ${read[*]} | sort -u)
kernel_before 6.5 && spliced=4 || spliced=0	# splice and sendfile from a file were reads (generic_file_splice_read, c6585011bc1d)
kernel_before 6.10 && dir_opens=1 || dir_opens=0	# xfs_dir_open called xfs_file_open: on 5.10 and 6.1, not on 6.12
for way in $ways; do
	declare -A pids=()
	for name in "${systems[@]}"; do
		[ "$way $name" != "fentry nfs3" ] || continue	# the same functions, except to open
		if [ $way = fentry ] && no_fentry $name; then
			exits "$name $way: no type information for modules here" 4 'fentry' "$BPFTK" $(tool_of $name) --hook fentry 1 1
			continue
		fi
		at=${dir[$name]}/$name$way
		known=$((known + 1))
		echo old >${below[$name]}/old$known
		dd if=/dev/zero of=${at}cold bs=4096 count=$cold status=none conv=fsync
		case $name in
		ext4|xfs|btrfs) by_uring=(from ${at}cold drop stop uring_read $cold) ;;
		*) by_uring=(stop) ;;
		esac
		prepare file $at 'O_RDWR|O_CREAT' stop write 67 100 seek 0 read 101 10 seek 0 '!astray' 5 fsync 7 msync 2 \
			open 37 $at O_RDONLY 0 create 13 ${at}new open 5 ${dir[$name]}/old$known O_RDONLY 0 \
			stat 53 $at stat 11 ${dir[$name]} unlink 13 ${at}new \
			pipe from $at splice 2 100 pipe write 1 300 to ${at}s splice 3 100 from $at sendfile 2 100 \
			file ${dir[$name]} 'O_RDONLY|O_DIRECTORY' fsync 3 "${by_uring[@]}"
		launch $name $(tool_of $name) --hook $way --json --meta --pid $worker
		pids[$name]=$worker
	done
	[ ${#pids[@]} -gt 0 ] || continue
	all_ready
	# the kernel's own count once for each file system
	[ $way = fentry ] || trace_on "$(either ${read[*]} ${write[*]} ${open[*]} ${fsync[*]} ${getattr[*]})" ${pids[*]}
	for worker in ${pids[*]}; do go; done
	if [ $way = fentry ]; then
		go_all ${pids[*]}
	else
		seen_all
		second "$reading" go_all ${pids[*]}
		second_off "$reading"
	fi
	all_stop
	ask_each "$counts" "${!pids[@]}"
	for name in "${!pids[@]}"; do
		label="$name $way" by=${pids[$name]}
		reads=$((106 + spliced)) opens=58 getattrs=64 uring=0
		case $name in
		ext4) opens=59 getattrs=53 uring=$cold ;;	# of its directories another function has the attributes
		xfs) opens=$((59 + dir_opens)) uring=$cold ;;
		btrfs) opens=59 uring=$cold ;;
		esac
		is "$label: ends well" 0 ${statuses[$name]}
		if [ $way = kprobe ]; then
			is "$label: second source: read, write, open, fsync, getattr" "$reads 72 $opens 12 $getattrs" \
				"$(seen $by ${read[$name]}) $(seen $by ${write[$name]}) $(seen $by ${open[$name]}) $(seen $by ${fsync[$name]}) $(seen $by ${getattr[$name]})"
			is "$label: second source: reads by io_uring" $uring $(grep -c "^work-$by .*ret=4096$" returned)
			tried=$((tried + $(grep -cE "^work-$by .*ret=-(11|529)$" returned)))
		fi
		is "$label: read, write, open (created ones too), fsync, getattr" \
			"$((reads + uring)) 72 $opens 12 $getattrs lost 0" "${answers[0]}"
		answers=("${answers[@]:1}")
		is "$label: nothing lost, nothing left out" '1 0' "$(grep -c ' 0 lost' $name.err) $(grep -c 'not covered' $name.err)"
	done
	[ ! -e ext4 ] || fits ext4dist ext4
done

holds "io_uring: second source: some were tried again" "$tried > 0"	# any of them may find its page at once

### A write that ends in an fsync, and I/O that completes elsewhere: by kprobe on each file system, by fentry on one

declare -A pids=()
WORK=$aio
for name in "${systems[@]}" ext4; do
	way=kprobe
	[ ! "${pids[$name kprobe]-}" ] || way=fentry
	[ $way = kprobe ] || ! no_fentry $name || continue
	dd if=/dev/zero of=${dir[$name]}/big$way bs=1M count=1 status=none conv=fsync
	prepare ${dir[$name]}/big$way stop osync:100:23 r:0:4096:31:8192 fsync:3 wait
	launch $name-$way $(tool_of $name) --hook $way --json --pid $worker
	pids[$name $way]=$worker
done
all_ready
go_each() { for label in "${!pids[@]}"; do go_all ${pids[$label]}; done; }
trace_on "$(either ${write[*]} ${fsync[*]})" ${pids[*]}
# one after the other: a kernel that preempts fentry's programs skips calls of the same function
second "$reading" go_each
all_stop
seen_all
second_off "$reading"
asynchronous=0
ask_each "[($counts), ($(total_ns write)), ($(total_ns fsync))] | map(tostring) | join(\"|\")" $(for label in "${!pids[@]}"; do echo ${label/ /-}; done)
for label in "${!pids[@]}"; do
	name=${label% *} by=${pids[$label]}
	expected=$(grep -c "^work-aio-$by .*ret=-529$" returned)
	fsyncs=$(seen $by ${fsync[$name]})
	case $name in
	ext4|xfs|btrfs|f2fs) is "$label: O_SYNC: second source" 23 $fsyncs ;;
	esac
	is "$label: O_SYNC: second source: writes" 23 $(seen $by ${write[$name]})
	asynchronous=$((asynchronous + expected))	# any of them may be done at once
	IFS='|' read -r said writes_ns fsyncs_ns <<<"${answers[0]}"
	answers=("${answers[@]:1}")
	is "$label: O_SYNC and asynchronous: reads, writes, fsyncs, lost" \
		"$((31 - expected)) 23 0 $fsyncs 0 lost $expected" "$said"
	holds "$label: O_SYNC: a write takes as long as the fsync in it" "$writes_ns >= $fsyncs_ns"
done
holds "asynchronous: second source: there were some" "$asynchronous > 31"
WORK=${aio%-aio}

### By symlink, and how it looks

once || exit
mkdir links
"$BPFTK" --install links >/dev/null
for name in ext4 xfs btrfs f2fs nfs fuse; do
	is "a link of ${name}dist" "$(readlink -f "$BPFTK")" "$(readlink -f links/${name}dist)"
done
start ticks ext4dist 1 2 && ticks=$tool
prepare file /mnt/ext4/file 'O_RDWR|O_CREAT' stop write 67 100 seek 0 read 101 10 fsync 7
BPFTK=env launch table "$PWD/links/ext4dist" --pid $worker
launch plain ext4dist -T --pid $worker 3600
launch csv ext4dist --csv -m --pid $worker
launch columns ext4dist --json -m --columns latency --pid $worker
launch stamped ext4dist --timestamp -m --pid $worker
all_ready
go
all_stop
rows_of() { awk -v wanted="operation = $2" '/^operation/ { on = $0 == wanted } on && / -> / { n += $5 } END { print n + 0 }' "$1"; }
for file in table plain stamped; do
	is "$file: read, write, fsync" "101 67 7" "$(rows_of $file read) $(rows_of $file write) $(rows_of $file fsync)"
done
is "csv" "101 67 7" "$(awk -F, 'NR > 1 { n[$3] += $NF } END { print n["read"] + 0, n["write"] + 0, n["fsync"] + 0 }' csv)"
fits ext4dist csv columns
is "the table begins as BCC's" "||operation = read|     usecs               : count     distribution" "$(head -n4 table | paste -sd'|')"
is "no time without an interval, nor with -T" 0 "$(grep -cE '^[0-9]{2}:' table plain | awk -F: '{ n += $2 } END { print n }')"
is "--timestamp: a time" 1 "$(grep -cE '^[0-2][0-9](:[0-5][0-9]){2}:$' stamped)"
is "-m: milliseconds" 3 "$(grep -c '^     msecs ' stamped)"
ended $ticks
is "interval and count: ends by itself" 0 $status
is "interval: the times" 2 "$(grep -cE '^[0-2][0-9](:[0-5][0-9]){2}:$' ticks)"

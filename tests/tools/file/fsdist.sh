# fsdist: ext4dist, xfsdist, btrfsdist, f2fsdist, nfsdist, fusedist. A process whose calls are known; second sources:
# the function tracer of the kernel for the same process, and for what returns -EIOCBQUEUED a kretprobe event of ftrace.
. ../lib.sh

tracing=/sys/kernel/tracing
aio=$WORK-aio
echo 4096 >$tracing/buffer_size_kb
echo 1 >$tracing/tracing_on

# counts FILE: "READ WRITE OPEN FSYNC GETATTR lost LOST" of a JSON output, and "unsound" if a histogram does not add up
counts() {
	jq -rs '. as $rows | [("read", "write", "open", "fsync", "getattr") as $operation |
			([$rows[] | select(.operation == $operation) | .count] | add // 0)] +
		["lost", ([$rows[] | select(.type == "lost" and (tostring | test("asynchronously"))) | .count] | add // 0)] +
		(if all($rows[] | select(.histogram); .count == ([.histogram[].count] | add) and .total_ns > 0) then [] else ["unsound"] end) |
		map(tostring) | join(" ")' <"$1"
}
total_ns() { jq -s "map(select(.operation == \"$2\") | .total_ns) | add // 0" <"$1"; }

trace_on() {	# trace_on PID FUNCTION...
	echo >$tracing/trace
	echo "${*:2}" >$tracing/set_ftrace_filter
	echo "$1" >$tracing/set_ftrace_pid
	echo function >$tracing/current_tracer
}
# trace_off READ WRITE "OPEN..." FSYNC GETATTR: stop it, and say how often each was called
trace_off() {
	awk -v wanted="${1}|${2}|${3// /,}|${4}|${5}" 'BEGIN { split(wanted, operations, "|")
			for (i in operations) { split(operations[i], names, ","); for (n in names) number[names[n]] = i } }
		match($0, / [^ ]+ <-/) { calls[number[substr($0, RSTART + 1, RLENGTH - 4)]]++ }
		END { for (i = 1; i <= 5; i++) printf "%d%s", calls[i], i < 5 ? " " : "\n" }' $tracing/trace
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_pid
	echo >$tracing/set_ftrace_filter
}

# distribution NAME MODULE DIRECTORY READ WRITE "OPEN..." FSYNC GETATTR [BELOW]: every test of one file system.
# Those five are its functions; "-": it has no such operation. BELOW is where its files come from, if not from itself.
distribution() {
	local fsyncs name=$1 module=$2 dir=$3 read=$4 write=$5 open=$6 fsync=$7 getattr=$8 way label expected
	for way in $ways; do
		label="$name $way"
		if [ $way = fentry ] && [ ! -e /sys/kernel/btf/$module ] && [ -d /sys/module/$module/sections ]; then
			exits "$label: no type information for modules here" 4 'fentry' "$BPFTK" ${name}dist --hook fentry 1 1
			continue
		fi

		# Plain calls; the file `old` is one that this mount has never seen (dropping all caches would slow 9p down)
		known=$((known + 1))
		echo old >${9:-$dir}/old$known
		prepare file $dir/file 'O_RDWR|O_CREAT' stop write 67 100 seek 0 read 101 10 fsync 7 open 37 $dir/file O_RDONLY 0 \
			create 13 $dir/new open 5 $dir/old$known O_RDONLY 0 stat 53 $dir/file unlink 13 $dir/new
		start json ${name}dist --hook $way --json --pid $worker && json=$tool || continue
		# the kernel's own count once for each file system: it takes its time
		[ $way = fentry ] || trace_on $worker $read $write $open $fsync ${getattr#-}
		go
		stop $json
		[ $getattr = - ] && expected='101 67 55 7 0' || expected='101 67 55 7 53'
		is "$label: ends well" 0 $status
		[ $way = fentry ] || is "$label: second source: read, write, open, fsync, getattr" "$expected" \
			"$(trace_off $read $write "$open" $fsync $getattr)"
		is "$label: read, write, open (created ones too), fsync, getattr" "$expected lost 0" "$(counts json)"
		is "$label: nothing lost" 1 "$(grep -c ' 0 lost' json.err)"

		# A write that ends in an fsync, and I/O that completes elsewhere: by both ways on one of them, to save time
		[ $name = ext4 ] || [ $way = kprobe ] || continue
		dd if=/dev/zero of=$dir/big bs=1M count=1 status=none conv=fsync
		WORK=$aio prepare $dir/big stop osync:100:23 r:0:4096:31:8192 wait
		start json ${name}dist --hook $way --json --pid $worker && json=$tool || continue
		echo "r:second/returned $read "'ret=$retval:s64' >>$tracing/kprobe_events	# the tool's own are there as well
		echo 1 >$tracing/events/second/enable
		trace_on $worker $write $fsync
		go
		stop $json
		echo 0 >$tracing/events/second/enable
		expected=$(grep -cE "work-aio-$worker .*ret=-529" $tracing/trace)
		read -r _ _ _ fsyncs _ < <(trace_off - $write - $fsync -)
		echo -:second/returned >>$tracing/kprobe_events
		case $name in
		ext4|xfs|btrfs|f2fs) is "$label: O_SYNC: second source" 23 $fsyncs ;;
		esac
		asynchronous=$((asynchronous + expected))	# any of them may be done at once
		is "$label: O_SYNC and asynchronous: reads, writes, fsyncs, lost" \
			"$((31 - expected)) 23 0 $fsyncs 0 lost $expected" "$(counts json)"
		holds "$label: O_SYNC: a write takes as long as the fsync in it" \
			"$(total_ns json write) >= $(total_ns json fsync)"
	done
}

### What is not there

modprobe -r nfsv4 nfsv3 nfs 2>/dev/null
for name in nfs bcachefs zfs; do
	exits "$name is not loaded" 4 "$name" "$BPFTK" ${name}dist 1 1
done

### Each file system

known=0 asynchronous=0
disk_of() {	# disk_of FS: is it there?
	mountpoint -q "/mnt/$1" || { not_ok "$1" "needs tests/vm/run --disk $1"; return 1; }
}
disk_of ext4 && distribution ext4 ext4 /mnt/ext4 ext4_file_read_iter ext4_file_write_iter ext4_file_open ext4_sync_file ext4_file_getattr
disk_of xfs && distribution xfs xfs /mnt/xfs xfs_file_read_iter xfs_file_write_iter xfs_file_open xfs_file_fsync -
disk_of btrfs && distribution btrfs btrfs /mnt/btrfs btrfs_file_read_iter btrfs_file_write_iter btrfs_file_open btrfs_sync_file -
disk_of f2fs && distribution f2fs f2fs /mnt/f2fs f2fs_file_read_iter f2fs_file_write_iter f2fs_file_open f2fs_sync_file f2fs_getattr

### FUSE: bindfs

modprobe fuse
below=/tmp/below
[ "$(uname -m)" = x86_64 ] || below=/mnt/ext4/below	# elsewhere bindfs lets O_DIRECT through; tmpfs refuses it, before 6.6
mkdir -p /mnt/fuse $below
if bindfs $below /mnt/fuse 2>fuse.err; then
	distribution fuse fuse /mnt/fuse fuse_file_read_iter fuse_file_write_iter 'fuse_open fuse_create_open' fuse_fsync fuse_getattr $below
else
	not_ok "fuse" "$(<fuse.err)"
fi

### NFS: a server of our own

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
		[ $version = 4 ] || ways=kprobe		# the same functions, except to open
		distribution nfs nfs /mnt/nfs$version nfs_file_read nfs_file_write 'nfs_file_open nfs4_atomic_open' nfs_file_fsync nfs_getattr /tmp/export
	done
else
	not_ok "nfs" "$(<nfs.err)"
fi

holds "asynchronous: second source: there were some" "$asynchronous > 31"

### By symlink, and how it looks

mkdir links
"$BPFTK" --install links >/dev/null
for name in ext4 xfs btrfs f2fs nfs fuse; do
	is "a link of ${name}dist" "$(readlink -f "$BPFTK")" "$(readlink -f links/${name}dist)"
done
prepare file /mnt/ext4/file 'O_RDWR|O_CREAT' stop write 67 100 seek 0 read 101 10 fsync 7
BPFTK=env start table "$PWD/links/ext4dist" --pid $worker && table=$tool
start plain ext4dist -T --pid $worker 3600 && plain=$tool
start csv ext4dist --csv -m --pid $worker && csv=$tool
start stamped ext4dist --timestamp -m --pid $worker && stamped=$tool
go
stop $table; stop $plain; stop $csv; stop $stamped
rows_of() { awk -v wanted="operation = $2" '/^operation/ { on = $0 == wanted } on && / -> / { n += $5 } END { print n + 0 }' "$1"; }
for file in table plain stamped; do
	is "$file: read, write, fsync" "101 67 7" "$(rows_of $file read) $(rows_of $file write) $(rows_of $file fsync)"
done
is "csv" "101 67 7" "$(awk -F, 'NR > 1 { n[$4] += $NF } END { print n["read"] + 0, n["write"] + 0, n["fsync"] + 0 }' csv)"
is "the table begins as BCC's" "||operation = read|     usecs               : count     distribution" "$(head -n4 table | paste -sd'|')"
is "no time without an interval, nor with -T" 0 "$(grep -cE '^[0-9]{2}:' table plain | awk -F: '{ n += $2 } END { print n }')"
is "--timestamp: a time" 1 "$(grep -cE '^[0-2][0-9](:[0-5][0-9]){2}:$' stamped)"
is "-m: milliseconds" 3 "$(grep -c '^     msecs ' stamped)"
start ticks ext4dist 1 2
ended
is "interval and count: ends by itself" 0 $status
is "interval: the times" 2 "$(grep -cE '^[0-2][0-9](:[0-5][0-9]){2}:$' ticks)"
exits "an interval of 0 is refused" 2 . "$BPFTK" ext4dist 0
exits "an interval that is none is refused" 2 often "$BPFTK" ext4dist often

# Every tool as on Linux 5.4, of which there is no kernel here: what came later is refused before it gets to this one
# (tests/unit/linux54.c). Only where the kernel's types do not tell of newer things either.
. ../lib.sh

real=$BPFTK BPFTK=$PWD/bpftk54
cp "$BUILD/tests/tools/linux54.so" .
printf '#!/bin/sh\nLD_PRELOAD=%s exec %s "$@"\n' "$PWD/linux54.so" "$real" >"$BPFTK"
chmod +x "$BPFTK"

"$BPFTK" vfsstat --hook fentry 1 1 >out 2>&1
is 'as on 5.4: there is no fentry' 4 $?
kernel_before 5.11 || exit

: "${BPFTK_RAW_DISK:?old-kernel.sh needs tests/vm/run --disk ext4 --disk raw}"
disk=${BPFTK_RAW_DISK%% *}
mkdir -p /mnt/ext4/deep/er /sys/fs/cgroup/above/below
prepare chdir /mnt/ext4/deep/er file f 'O_RDWR|O_CREAT' stop write 101 1000 seek 0 read 67 1000 fsync 5 \
	open 37 f O_RDONLY 0 '!open' 13 none O_RDONLY 0 mkdir 3 made comm another open 7 f O_RDONLY 0
echo $worker >/sys/fs/cgroup/above/below/cgroup.procs
launch opens opensnoop --json -F -p $worker
launch named opensnoop --json -F -x --comm wor --ppid $$ --uid 0 --tid $worker
launch calls vfsstat --json --comm work --cgroup /sys/fs/cgroup/above
launch files filetop --json -d /mnt/ext4/deep/er --comm ork --uid 0
launch times ext4dist --json -m --comm work --ppid $$
launch many vfscount --json -r 'vfs_(read|write|mkdir)' --comm work -p $worker
launch disks biolatency --json -D -Q -d "$disk"
all_ready
perf=$(bpftool map show | grep -c perf_event_array)
go
dd if="$disk" of=/dev/null bs=4k count=53 iflag=direct status=none
all_stop
is 'perf buffers' 2 "$perf"
for out in "${!statuses[@]}"; do is "$out: exit code" 0 "${statuses[$out]}"; done
are opens \
	'opensnoop -F: rows' 57 rows \
	'opensnoop -F: whole paths' 44 'rows(.path == "/mnt/ext4/deep/er/f" and .err == 0)' \
	'opensnoop -F: of calls that failed' 13 'rows(.path == "/mnt/ext4/deep/er/none" and .err_name == "ENOENT")' \
	'opensnoop -F: lost' 0 lost
are named 'opensnoop -x --comm --ppid --uid --tid' 13 rows
are calls 'vfsstat --comm --cgroup' '[101,67,5,37,3]' '[sum(.write), sum(.read), sum(.fsync), sum(.open), sum(.mkdir)]'
are files \
	'filetop -d --comm: calls' '[67,101]' '[sum(.reads), sum(.writes)]' \
	'filetop -d --comm: bytes' '[67000,101000]' '[sum(.read_bytes), sum(.written_bytes)]'
are times 'ext4dist --comm' '[67,101,37,5]' '[("read", "write", "open", "fsync") as $name | sum(select(.operation == $name).count)]'
are many 'vfscount: each function' '[67,101,3]' '[("vfs_read", "vfs_write", "vfs_mkdir") as $name | sum(select(.function == $name).count)]'
are disks \
	'biolatency -D -Q' 53 'sum(select(.histogram).count)' \
	'biolatency: lost' 0 lost

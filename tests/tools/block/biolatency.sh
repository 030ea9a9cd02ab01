# biolatency: dd and io_submit against a disk of our own; second sources: /sys/block/DISK/stat, block events of ftrace.
# slow: twelve variants, and the kernel's names are read from all of its types
. ../lib.sh
ways='fentry kprobe'	# only tracepoints: fentry needs no trampolines

: "${BPFTK_RAW_DISK:?biolatency.sh needs tests/vm/run --disk raw}"
raw=${BPFTK_RAW_DISK%% *} disk=${BPFTK_RAW_DISK%% *} disk=${disk#/dev/}
aio=$WORK-aio

reads() { dd if="${2:-$raw}" of=/dev/null bs="${3:-4k}" count="$1" iflag=direct status=none 2>dd.err; }
writes() { dd if=/dev/zero of="${2:-$raw}" bs=4k count="$1" oflag=direct conv=notrunc status=none; }

# completed FIELD [DISK]: of /sys/block/DISK/stat: 1 reads, 5 writes, 12 discards, 16 flushes
completed() { awk -v field="$1" '{ print $field + 0 }' "/sys/block/${2:-$disk}/stat"; }

filters+='def of(f): map(select(f) | .count) | add // 0;'	# requests in the rows that f lets through

# in_table FILE HEADINGS: requests under the headings (a regular expression) in a table
in_table() {
	awk -v wanted="$2" '/^[a-z]* = /{ on = $0 ~ wanted } on && / -> .* : /{ n += $5 } END { print n + 0 }' "$1"
}

### Names, from the kernel's own BTF

bpftool btf dump file /sys/kernel/btf/vmlinux format raw | awk '
	/^\[/ { on = $2 == "ENUM" && ($3 == "'\''req_op'\''" || $3 == "'\''req_opf'\''" || $3 == "'\''req_flag_bits'\''"); next }
	on { gsub(/\x27/, "", $1); sub("val=", "", $2); print $1, $2 }' >enum
# Either of them is named by what follows the prefix: REQ_OP_WRITE_ZEROES: WriteZeroes; flags are bits
declare -A named
while read -r word number; do
	case $word in
	REQ_OP_LAST* | __REQ_NR*) continue ;;
	REQ_OP_*) key="REQ_OP_ $number" word=${word#REQ_OP_} ;;
	__REQ_*) key="__REQ_ $number" word=${word#__REQ_} ;;
	*) continue ;;
	esac
	word=${word,,} word=${word//_/ }
	name=
	for word in $word; do name+=${word^}; done
	[ "${named[$key]-}" ] || named[$key]=$name
done <enum
name_of() { echo "${named[$1 $2]-}"; }
is "the kernel's enums are read" Read "$(name_of REQ_OP_ 0)"
is "the kernel's enums are read: flags" Sync "$(name_of __REQ_ 11)"

check_names() {	# check_names WAY FILE: each operation and each flag as in BTF
	local operation name flags names bit expected wrong=
	while read -r operation name flags names; do
		[ "$name" = "${named[REQ_OP_ $operation]-}" ] || wrong+=" $operation:$name"
		expected=
		for ((bit = 8; bit < 32; bit++)); do
			((flags >> bit & 1)) && expected+=,${named[__REQ_ $bit]-}
		done
		# the case of PreFlush and FUA is nobody's business here
		expected=[${expected#,}]
		[ "${names,,}" = "${expected,,}" ] || wrong+=" $flags:$names/$expected"
	done < <(jq -r 'select(.histogram) | "\(.operation_number) \(.operation) \(.flags_number) [\(.flags | join(","))]"' <"$2" | sort -u)
	is "$1: names of operations and flags are BTF's" "" "$wrong"
}

### Exact counts, in all three formats at once

# Devices without requests: a dm device is seen by the disk below, zram has none
modprobe -a dm_mod zram && dmsetup --noudevrules --noudevsync create known --table "0 2048 linear $raw 0" || not_ok "dm and zram" "cannot be made"
dm=$(dmsetup info -c --noheadings -o blkdevname known)
echo 16M >/sys/block/zram0/disksize
exits "a dm device is refused" 2 'requests' "$BPFTK" biolatency -d $dm 1 1
exits "zram is refused" 2 'requests' "$BPFTK" biolatency -d zram0 1 1

for way in $ways; do
	launch table-$way biolatency --hook $way -D -F -e
	launch json-$way biolatency --hook $way -D -F --json --meta
	launch selected-$way biolatency --hook $way -d $disk --csv
done
all_ready
before=($(completed 1) $(completed 5) $(completed 12) $(completed 16 vda))
reads 42
reads 59 /dev/$dm
dmsetup --noudevrules --noudevsync remove known
reads 7 /dev/zram0
writes 67
blkdiscard -f -o 1M -l 1M $raw 2>dd.err
blkdiscard -f -o 4M -l 2M $raw 2>dd.err
[ ! -d /mnt/ext4 ] || run file /mnt/ext4/flushed 'O_RDWR|O_CREAT' write 1 100 fsync 1 write 1 100 fsync 1 write 1 100 fsync 1
after=($(completed 1) $(completed 5) $(completed 12) $(completed 16 vda))
ext4=$(findmnt -no SOURCE /mnt/ext4); ext4=${ext4#/dev/}
all_stop
on=".disk == \"$disk\""
discards=$((after[2] - before[2]))
is "second source agrees: reads" 101 $((after[0] - before[0]))
is "second source agrees: writes" 67 $((after[1] - before[1]))
holds "second source: discards" "$discards >= 2"
for way in $ways; do
	table=table-$way json=json-$way loss=lost
	# where the kernel preempts programs at tracepoints it skips some by fentry, of other tasks as well
	traces_preempted && [ $way = fentry ] && loss='map(select(.cause == "map full").count) | add // 0'
	is "$way: ends well" 0 ${statuses[$table]}
	are $json \
		"$way: json: reads" 101 "of($on and .operation == \"Read\")" \
		"$way: json: writes" 67 "of($on and .operation == \"Write\")" \
		"$way: json: discards" $discards "of($on and .operation == \"Discard\")" \
		"$way: json: all of the disk" $((101 + 67 + discards)) "of($on)" \
		"$way: json: direct writes are synchronous" 67 "of($on and (.flags | index(\"Sync\")) and .operation == \"Write\")" \
		"$way: json: counts are the histogram's" true 'all(.[] | select(.histogram); .count == (.histogram | map(.count) | add))' \
		"$way: devices without requests have no rows" 0 "of(.disk == \"$dm\" or .disk == \"zram0\")" \
		"$way: nothing lost" 0 "$loss"
	check_names $way $json
	is "$way: table: reads" 101 "$(in_table $table "^disk = $disk, flags = (.*-)?Read\$")"
	is "$way: table: writes" 67 "$(in_table $table "^disk = $disk, flags = (.*-)?Sync-(.*-)?Write\$")"
	is "$way: table: discards" $discards "$(in_table $table "^disk = $disk, flags = (.*-)?Discard\$")"
	is "$way: table: the header" 1 "$(grep -cxm1 '     usecs               : count     distribution' $table)"
	is "$way: table: -e counts" $((101 + 67 + discards)) "$(awk "/^disk = /{ on = /= $disk,/ } on && /^avg = /{ n += \$NF } END { print n }" $table)"
	is "$way: csv and -d: requests of one disk" $((101 + 67 + discards)) "$(awk -F, 'NR > 1 { n += $NF } END { print n + 0 }' selected-$way)"
	if [ -d /mnt/ext4 ] && [ $ext4 = vda ]; then
		holds "$way: second source: flushes" "$((after[3] - before[3])) >= 3"
		are $json "$way: flushes of fsync" $((after[3] - before[3])) 'of(.disk == "vda" and .operation == "Flush")'
	fi
	is "$way: table: stars of the largest row" 40 "$(awk '/ -> /{ if (gsub(/\*/, "*") > n) n = gsub(/\*/, "*") } END { print n }' $table)"
done

### What -d refuses

partx --version >/dev/null && addpart $raw 1 2048 2048
exits "a partition is refused" 2 'partition' "$BPFTK" biolatency -d ${disk}1 1 1
delpart $raw 1

### A disk of known latency; the queue; merged requests

slow='irqmode=2 hw_queue_depth=4 blocksize=4096'
null_disk known $slow completion_nsec=10000000; quick=$made known=/dev/$made
null_disk merging $slow completion_nsec=100000000; merge=$made merging=/dev/$made
echo mq-deadline >/sys/block/$quick/queue/scheduler
echo mq-deadline >/sys/block/$merge/queue/scheduler

for way in $ways; do
	launch plain-$way biolatency --hook $way -d $quick --json
	launch queued-$way biolatency --hook $way -d $quick -Q --json --columns latency
	launch seconds-$way biolatency --hook $way -d $quick -m -e
	launch merged-$way biolatency --hook $way -d $merge -Q --json
done
all_ready
# alone, then 29 at once where 4 fit: those wait in the scheduler
reads 11 $known
$aio $known r:0:4096:29:65536 wait
# Six fill the disk and what is next; two more wait in the queue, until one that is between them makes them one.
# Later, enough to use the memory of each of them again.
before=$(awk '{ print $1 + $5, $2 + $6 }' /sys/block/$merge/stat)
for _ in 1 2 3 4 5; do	# on a busy host the writes may come too late to be merged: until some are
	$aio $merging w:1048576:4096:6:1048576 w:0:4096 w:8192:4096 w:4096:4096 wait sleep:1500 r:0:4096:8:1048576 wait
	after=$(awk '{ print $1 + $5, $2 + $6 }' /sys/block/$merge/stat)
	((${after#* } > ${before#* })) && break
done
all_stop
holds "merged: second source: requests went into others" "${after#* } > ${before#* }"
for way in $ways; do
	are plain-$way \
		"$way: known latency: requests" 40 'of(.histogram)' \
		"$way: known latency: none is shorter than 10 ms" 40 'map(.histogram[]? | select(.low >= 8192) | .count) | add' \
		"$way: known latency: sum" true 'sum(.total_ns) >= 400000000' \
		"$way: known latency: most is not much longer" true 'map(.histogram[]? | select(.high < 131072) | .count) | add >= 30'
	seconds=seconds-$way
	is "$way: -m: requests" 40 "$(awk '/ -> /{ n += $5 } END { print n }' $seconds)"
	is "$way: -m: none below 8 ms" 40 "$(awk '/ -> / && $1 >= 8 { n += $5 } END { print n }' $seconds)"
	has "$way: -m: the heading" '     msecs               : count     distribution' "$(<$seconds)"
	read -r _ _ average unit _ total _ _ number < <(grep '^avg' $seconds)
	holds "$way: -e: the average is the sum's" "${average:-0} == ${total:-1} / ${number:-1} && $average >= 10"
	is "$way: -e: units" "msecs, 40" "$unit $number"
	ask_each '"\(of(.histogram)) \(sum(.total_ns))"' plain-$way queued-$way
	is "$way: -Q: requests" 40 "${answers[1]% *}"
	holds "$way: -Q: is longer by the time in the queue" "${answers[1]#* } > ${answers[0]#* } + 200000000"
	are merged-$way \
		"$way: merged: requests" $((${after% *} - ${before% *})) 'of(.histogram)' \
		"$way: merged: no latency of a request that was long gone" 0 \
		'map(.histogram[]? | select(.low >= 1000000) | .count) | add // 0'
done

### Without a scheduler -Q is the same; statistics may be off

echo none >/sys/block/$disk/queue/scheduler
start without biolatency -d $disk -Q --json
reads 101
stop
are without "-Q without a scheduler" 101 'of(.histogram)'
echo mq-deadline >/sys/block/$disk/queue/scheduler
echo 0 >/sys/block/$disk/queue/iostats
start with biolatency -d $raw -Q --json
reads 101
stop
are with "-Q with a scheduler, and iostats off" 101 'of(.histogram)'
echo 1 >/sys/block/$disk/queue/iostats
echo none >/sys/block/$disk/queue/scheduler

### Requests that complete in parts: a loop device whose file was cut behind its back

if [ -d /mnt/ext4 ] && modprobe loop; then
	dd if=/dev/zero of=/mnt/ext4/back bs=1M count=1 status=none
	loop=$(losetup --direct-io=on -f --show /mnt/ext4/back) name=${loop#/dev/}
	is "parts: direct I/O" 1 "$(cat /sys/block/$name/loop/dio)"
	truncate -s 8k /mnt/ext4/back
	for way in $ways; do launch parts-$way biolatency --hook $way -d $name --json; done
	launch both biolatency -D --json
	all_ready
	echo 1 >$tracing/events/block/block_rq_complete/enable
	before=$(completed 1 $name)
	for n in 1 2 3 4 5 6 7; do reads 1 $loop 64k; done	# an error is what they get
	after=$(completed 1 $name)
	echo 0 >$tracing/events/block/block_rq_complete/enable
	all_stop
	number=$(cat /sys/block/$name/dev)
	is "parts: second source: requests" 7 $((after - before))
	is "parts: second source: completions" 14 "$(grep -c "block_rq_complete: ${number/:/,} " $tracing/trace)"
	: >$tracing/trace
	for way in $ways; do are parts-$way "$way: parts: a request counts once" 7 'of(.histogram)'; done
	are both "-D: a loop device and the disk of its file" "7 true" "\"\(of(.disk == \"$name\")) \(of(.disk == \"$ext4\") >= 7)\""
	losetup -d $loop
else
	not_ok "parts" "needs --disk ext4 and the module loop"
fi

### Intervals

fits biolatency {json,selected,queued}-${ways##* }
once || exit
start ticks biolatency -T -d $disk 3 2
reads 53
ended
is "interval and count: ends by itself" 0 $status
is "-T: two times" 2 "$(grep -cE '^[0-2][0-9](:[0-5][0-9]){2}$' ticks)"
is "interval: all are shown once" 53 "$(awk '/ -> /{ n += $5 } END { print n }' ticks)"

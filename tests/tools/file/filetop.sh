# filetop: calls and bytes by file and thread. Second source: /proc/PID/io.
# slow: the kernel that is asked everything has ten variants more
. ../lib.sh

filters+='def of(f; key): map(select(f) | key) | add // 0;'	# the sum of a key over the rows that f lets through

# io FIELD: of /proc/$worker/io
io() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$worker/io"; }

steps=(file big 'O_RDWR|O_CREAT' write 101 1000 pwrite 7 10 0 seek 0 read 50 2000 read 3 4096 pread 2 500 0
	'!fault' 11
	file other O_WRONLY '!read' 13 10 write 23 100
	file other O_RDONLY '!write' 17 10 read 2 100000)
# read: 50 x 2000, then 101000 - 100000 = 1000 and twice the end; then 2 x 500. other: 2300 and the end.

# Both ways watch the same work at once, here and below: a start takes its time
echo >other
prepare stop "${steps[@]}" stop
for way in $ways; do launch $way filetop --json --hook "$way" -p "$worker"; done
all_ready
before=($(io syscr) $(io syscw) $(io rchar) $(io wchar))
go
after=($(io syscr) $(io syscw) $(io rchar) $(io wchar))
all_stop
kill -CONT "$worker"
finished
for way in $ways; do
	is "$way: exit code" 0 "${statuses[$way]}"
	are $way \
		"$way: reads" 55 'of(.file == "big"; .reads)' \
		"$way: bytes read, short reads and the end as they were" 102000 'of(.file == "big"; .read_bytes)' \
		"$way: writes" 108 'of(.file == "big"; .writes)' \
		"$way: bytes written" 101070 'of(.file == "big"; .written_bytes)' \
		"$way: failed reads (EFAULT)" 11 'of(.file == "big"; .failed_reads)' \
		"$way: failed reads and writes (EBADF)" '[13,17]' '[of(.file == "other"; .failed_reads), of(.file == "other"; .failed_writes)]' \
		"$way: the other file" '[2,2300,23,2300]' '[of(.file == "other"; .reads), of(.file == "other"; .read_bytes), of(.file == "other"; .writes), of(.file == "other"; .written_bytes)]' \
		"$way: nothing else" 0 'rows((.file | IN("big", "other") | not) or .comm != "work" or .file_type != "R")' \
		"$way: inode numbers" "$(stat -c %i big other | sort -n)" 'map(.inode // empty) | unique[]' \
		"$way: /proc/PID/io: bytes" "[$((after[2] - before[2])),$((after[3] - before[3]))]" '[sum(.read_bytes), sum(.written_bytes)]' \
		"$way: /proc/PID/io: calls" "[$((after[0] - before[0])),$((after[1] - before[1]))]" '[sum(.reads), sum(.writes)]'
	# calls that fail before the file is asked are not in syscr and syscw
done
rm big other

# As a table, by each column; with pipes and sockets; one direction; one directory. What does not come to vfs_read and
# vfs_write is not seen.
mkdir -p in/below
for file in in/a in/b in/below/c d; do echo >$file; done
prepare stop file in/a O_RDWR write 3 4096 read 2 1 file in/b O_RDWR write 5 1024 seek 0 read 7 512 \
	file in/below/c O_RDWR write 11 1 file d O_RDWR write 2 65536 \
	pipe write 19 10 read 19 10 socketpair write 13 1024 file d O_RDONLY read 1 4096 \
	file in/b O_RDWR readv 3 100 writev 5 100 sendfile 2 100 copy 3 100 msync 2 uring_read 5 uring_write 7 \
	pipe from d splice 7 100
for way in $ways; do
	# -r 2 has to cut, and --sort says what remains
	launch table-$way filetop -C --hook "$way" -p "$worker" --maxrows 2 --sort writes 3600
	launch all-$way filetop -a --json --hook "$way" -p "$worker"
	launch dir-$way filetop --json --meta --columns file,reads,writes -d in --hook "$way" --read-only
	launch wronly-$way filetop --csv --write-only --hook "$way" -p "$worker"
done
all_ready
go
all_stop
for way in $ways; do
	table=table-$way
	has "$way: table: heading" '^TID +COMM +READS +WRITES +R_Kb +W_Kb +T +FILE$' "$(grep -m1 TID $table)"
	is "$way: --sort writes --maxrows 2: rows" 'c b' "$(awk '$2 == "work" { print $NF }' $table | head -n2 | xargs)"
	is "$way: table: numbers" 'work 7 5 3 5 R b' "$(awk '$NF == "b" { $1 = ""; print substr($0, 2); exit }' $table)"
	is "$way: without -a no pipes and sockets" 0 "$(awk '$2 == "work" && $(NF - 1) != "R"' $table | wc -l)"
	are all-$way \
		"$way: -a: a pipe" '[19,19,190,190]' '[of(.file_type == "O"; .reads), of(.file_type == "O"; .writes), of(.file_type == "O"; .read_bytes), of(.file_type == "O"; .written_bytes)]' \
		"$way: -a: a socket" '[13,13312]' '[of(.file_type == "S"; .writes), of(.file_type == "S"; .written_bytes)]'
	are dir-$way \
		"$way: -d: only files right there" '["a","b"]' 'map(.file // empty) | unique' \
		"$way: --read-only" '[9,0]' '[sum(.reads), sum(.writes)]'
	is "$way: --write-only" 21 "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { w += $at["writes"]; r += $at["reads"] } END { print w + 100 * r }' wronly-$way)"
done
fits filetop {all,dir,wronly}-${ways%% *} ${ways##* }
rm -r in d

# One inode number, two files
if [ -d /mnt/ext4 ]; then
	mkdir /mnt/ext4/g
	prepare stop file /mnt/ext4/g/f0 'O_CREAT|O_RDWR' write 3 10 close unlink 1 /mnt/ext4/g/f \
		file /mnt/ext4/g/f0 'O_CREAT|O_RDWR' write 5 10
	for way in $ways; do launch $way filetop --json --hook "$way" -p "$worker"; done
	all_ready
	go
	all_stop
	device=$(lsblk -no KNAME "$(findmnt -no SOURCE /mnt/ext4)")
	for way in $ways; do
		are $way \
			"$way: ext4 used the inode number again" 1 'map(.inode // empty) | unique | length' \
			"$way: and these are two files" 2 'map(.generation // empty) | unique | length' \
			"$way: with their own counts" '[3,5]' 'map(select(.inode)) | group_by(.generation) | map(map(.writes) | add) | sort' \
			"$way: on this device" "$device" 'map(.device // empty) | unique[]'
	done
	rm -r /mnt/ext4/g
fi

# A disk that has left by the time its row is shown keeps its name
null_disk leaves memory_backed=1 && mkfs.ext2 -q /dev/$made && mkdir left && mount /dev/$made left && echo 1 >left/file ||
	not_ok "a disk that leaves" "cannot be made"
prepare stop file left/file O_RDONLY read 1 1 close
for way in $ways; do launch $way filetop --json --hook "$way" -p "$worker" 3600; done
all_ready
go
umount left
rmdir /sys/kernel/config/nullb/leaves
all_stop
for way in $ways; do are $way "$way: a disk that has left" "$made" 'map(select(.file == "file").device)[]'; done

# More files than the table has room for, and than it shows: what is not shown is said
prepare stop put 9001 many
for way in $ways; do launch $way filetop --json --hook "$way" -p "$worker" 3600; done
launch table filetop -p "$worker" 3600
launch bare filetop -p "$worker" --no-header 3600
all_ready
go
all_stop
for way in $ways; do
	ask $way 'of(.type == "lost"; .count)' 'sum(.writes)' 'map(select(.type == "lost").cause) | join("\n")'
	holds "$way: 9001 files: some are lost" "${answers[0]} > 0"
	is "$way: 9001 files: shown and lost" 9001 $((answers[0] + answers[1]))
	has "$way: lost because of the table" 'map full' "${answers[2]}"
done
is 'table: 20 rows and a word' "20 ... $((9001 - $(lost table) - 20)) more" "$(grep -c ' many' table) $(tail -n1 table)"
is '--no-header: rows only' 20 "$(tail -n+3 bare | grep -c '^[0-9].* many')"
is '--no-header: the word is on stderr' "bpftk filetop: $((9001 - $(lost bare) - 20)) more rows than --limit 20" "$(grep more bare.err)"
find . -name 'many*' -delete

once || exit

### --sort by every column: the rows come in that order, either way round. A kernel that preempts programs may have skipped
### some of other tasks, which is said in a row of its own kind.

for n in 1 2 3 4; do echo >s$n; done
prepare stop file s1 O_RDWR write 5 3 '!fault' 2 read 1 1 file s2 O_RDWR write 2 700 read 3 100 '!fault' 7 \
	file s3 O_RDONLY read 9 1 '!write' 4 1 file s4 O_WRONLY write 7 1 '!read' 1 1
orders='reads +writes read_bytes +written_bytes failed_reads +failed_writes inode +tid +file'
for order in $orders; do launch "$order" filetop --json -p "$worker" --sort "$order" 3600; done
launch all filetop --json -p "$worker" 3600
all_ready
go
all_stop
ask_each '($file | ltrimstr("+")) as $key | map(select(.type == null)[$key]) |
	"\(length) \(. == (sort | if $key == $file then reverse else . end))"' $orders
for order in $orders; do
	is "--sort $order" "4 true" "${answers[0]}"
	answers=("${answers[@]:1}")
done
are all '--sort all is the default' true 'map(select(.type == null) | .reads + .writes + .read_bytes + .written_bytes) | . == (sort | reverse)'

### The screen: a terminal is repainted, a pipe is not

timeout 60 script -qec "$BPFTK filetop 1 2" /dev/null >screen
has 'a terminal is cleared' $'\e\\[' "$(<screen)"
timeout 60 script -qec "$BPFTK filetop -C 1 2" /dev/null >screen
is '-C: it is not' 0 "$(grep -c $'\e' screen)"
is '-C: two headings' 2 "$(grep -c '^TID' screen)"

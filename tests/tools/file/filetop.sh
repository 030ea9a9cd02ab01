# filetop: calls and bytes by file and thread. Second source: /proc/PID/io.
. ../lib.sh

# of FILE FIELD FILTER: the sum of FIELD over the rows of FILE that FILTER lets through
of() { jq -s "map(select($3) | .$2) | add // 0" <"$1"; }

# io FIELD: of /proc/$worker/io
io() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$worker/io"; }

steps=(file big 'O_RDWR|O_CREAT' write 101 1000 pwrite 7 10 0 seek 0 read 50 2000 read 3 4096 pread 2 500 0
	'!fault' 11
	file other O_WRONLY '!read' 13 10 write 23 100
	file other O_RDONLY '!write' 17 10 read 2 100000)
# read: 50 x 2000, then 101000 - 100000 = 1000 and twice the end; then 2 x 500. other: 2300 and the end.

for way in $ways; do
	echo >other
	prepare stop "${steps[@]}" stop
	start out filetop --json --maxrows 100 --hook "$way" -p "$worker"
	before=($(io syscr) $(io syscw) $(io rchar) $(io wchar))
	go
	after=($(io syscr) $(io syscw) $(io rchar) $(io wchar))
	stop
	kill -CONT "$worker"
	finished
	is "$way: exit code" 0 "$status"
	is "$way: reads" 55 "$(of out reads '.file == "big"')"
	is "$way: bytes read, short reads and the end as they were" 102000 "$(of out read_bytes '.file == "big"')"
	is "$way: writes" 108 "$(of out writes '.file == "big"')"
	is "$way: bytes written" 101070 "$(of out written_bytes '.file == "big"')"
	is "$way: failed reads (EFAULT)" 11 "$(of out failed_reads '.file == "big"')"
	is "$way: failed reads and writes (EBADF)" '13 17' "$(of out failed_reads '.file == "other"') $(of out failed_writes '.file == "other"')"
	is "$way: the other file" '2 2300 23 2300' "$(for f in reads read_bytes writes written_bytes; do of out $f '.file == "other"'; done | xargs)"
	is "$way: nothing else" 0 "$(rows out '(.file | IN("big", "other") | not) or .comm != "work" or .file_type != "R"')"
	is "$way: inode numbers" "$(stat -c %i big other | sort)" "$(jq .inode <out | sort -u | sort)"
	is "$way: /proc/PID/io: bytes" "$((after[2] - before[2])) $((after[3] - before[3]))" "$(sum out read_bytes) $(sum out written_bytes)"
	# calls that fail before the file is asked are not in syscr and syscw
	is "$way: /proc/PID/io: calls" "$((after[0] - before[0])) $((after[1] - before[1]))" "$(sum out reads) $(sum out writes)"
	rm big other

	# As a table, by each column; with pipes and sockets; one direction; one directory
	mkdir -p in/below
	for file in in/a in/b in/below/c d; do echo >$file; done
	prepare stop file in/a O_RDWR write 3 4096 read 2 1 file in/b O_RDWR write 5 1024 seek 0 read 7 512 \
		file in/below/c O_RDWR write 11 1 file d O_RDWR write 2 65536 \
		pipe write 19 10 read 19 10 socketpair write 13 1024 file d O_RDONLY read 1 4096
	# -r 2 has to cut, and --sort says what remains
	launch table filetop -C --hook "$way" -p "$worker" --maxrows 2 --sort writes 3600
	launch all filetop -a --json --hook "$way" -p "$worker"
	launch dir filetop --json -d in --hook "$way" --read-only
	launch wronly filetop --csv --write-only --hook "$way" -p "$worker"
	all_ready
	go
	all_stop
	has "$way: table: heading" '^TID +COMM +READS +WRITES +R_Kb +W_Kb +T +FILE$' "$(grep -m1 TID table)"
	is "$way: --sort writes --maxrows 2: rows" 'c b' "$(awk '$2 == "work" { print $NF }' table | head -n2 | xargs)"
	is "$way: table: numbers" 'work 7 5 3 5 R b' "$(awk '$NF == "b" { $1 = ""; print substr($0, 2); exit }' table)"
	is "$way: without -a no pipes and sockets" 0 "$(awk '$2 == "work" && $(NF - 1) != "R"' table | wc -l)"
	is "$way: -a: a pipe" '19 19 190 190' "$(for f in reads writes read_bytes written_bytes; do of all $f '.file_type == "O"'; done | xargs)"
	is "$way: -a: a socket" '13 13312' "$(of all writes '.file_type == "S"') $(of all written_bytes '.file_type == "S"')"
	is "$way: -d: only files right there" 'a b' "$(jq -r .file <dir | sort -u | xargs)"
	is "$way: --read-only" '9 0' "$(sum dir reads) $(sum dir writes)"
	is "$way: --write-only" 21 "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { w += $at["writes"]; r += $at["reads"] } END { print w + 100 * r }' wronly)"
	rm -r in d

	# One inode number, two files
	if [ -d /mnt/ext4 ]; then
		mkdir /mnt/ext4/g
		prepare stop file /mnt/ext4/g/f0 'O_CREAT|O_RDWR' write 3 10 close unlink 1 /mnt/ext4/g/f \
			file /mnt/ext4/g/f0 'O_CREAT|O_RDWR' write 5 10
		start out filetop --json --hook "$way" -p "$worker"
		go
		stop
		is "$way: ext4 used the inode number again" 1 "$(jq .inode <out | sort -u | wc -l)"
		is "$way: and these are two files" 2 "$(jq .generation <out | sort -u | wc -l)"
		is "$way: with their own counts" '3 5' "$(jq -s -r 'group_by(.generation) | map(map(.writes) | add) | sort | join(" ")' <out)"
		is "$way: on this device" "$(lsblk -no KNAME "$(findmnt -no SOURCE /mnt/ext4)")" "$(jq -r .device <out | sort -u)"
		rm -r /mnt/ext4/g
	fi

	# More files than the table has room for: what is not shown is said
	prepare stop put 9001 many
	start out filetop --json --hook "$way" -p "$worker" --maxrows 100000 3600
	go
	stop
	lost=$(of out count '.type == "lost"')
	holds "$way: 9001 files: some are lost" "$lost > 0"
	is "$way: 9001 files: shown and lost" 9001 $(($(sum out writes) + lost))
	has "$way: lost because of the table" 'map full' "$(jq -r 'select(.type == "lost").cause' <out)"
	rm -f many*
done

### --sort by every column: the rows come in that order, either way round

for n in 1 2 3 4; do echo >s$n; done
prepare stop file s1 O_RDWR write 5 3 '!fault' 2 read 1 1 file s2 O_RDWR write 2 700 read 3 100 '!fault' 7 \
	file s3 O_RDONLY read 9 1 '!write' 4 1 file s4 O_WRONLY write 7 1 '!read' 1 1
orders='reads +writes read_bytes +written_bytes failed_reads +failed_writes inode +tid +file'
for order in $orders; do launch "$order" filetop --json -p "$worker" --sort "$order" 3600; done
launch all filetop --json -p "$worker" 3600
all_ready
go
all_stop
for order in $orders; do
	[ "${order#+}" = "$order" ] && turn=reverse || turn=.
	is "--sort $order" "4 true" "$(jq -rs "map(.${order#+}) | \"\(length) \(. == (sort | $turn))\"" <"$order")"
done
is '--sort all is the default' true "$(jq -s 'map(.reads + .writes + .read_bytes + .written_bytes) | . == (sort | reverse)' <all)"

### The screen: a terminal is repainted, a pipe is not

timeout 60 script -qec "$BPFTK filetop 1 2" /dev/null >screen
has 'a terminal is cleared' $'\e\\[' "$(<screen)"
timeout 60 script -qec "$BPFTK filetop -C 1 2" /dev/null >screen
is '-C: it is not' 0 "$(grep -c $'\e' screen)"
is '-C: two headings' 2 "$(grep -c '^TID' screen)"

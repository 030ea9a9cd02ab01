# Numbers of tasks are those of the caller's pid namespace, in whatever depth, as typed and as shown
# slow: every tool, by each way, in namespaces three deep
if [ ! "${1:-}" ]; then
	mkdir proc
	mount --bind /proc proc
	: >outside
	"$WORK" pause 100000 open 100000 outside O_RDONLY 0 &
	unshare -pf --mount-proc bash ../ids.sh inside
	code=$?
	kill $!
	exit $code
fi
. ../lib.sh

place=/mnt/ext4/ids
mkdir -p $place
: >$place/inside >$place/deeper
steps=(open 23 $place/inside O_RDONLY 0 file $place/inside O_RDONLY read 17 1)
prepare stop "${steps[@]}"
inside=$worker
unshare -pf "$WORK" fork stop open 31 $place/deeper O_RDONLY 0 &	# the first of a namespace does not stop
top=$!
workers+=($top)
until parent=$(pgrep -P $top) && deeper=$(pgrep -P $parent); do nap; done
until_stopped $deeper
host=$(awk -v number="$worker" '/^NSpid:/ && NF == 3 && $3 == number { print $2 }' proc/[0-9]*/status 2>/dev/null)
workers+=($deeper)
holds "the worker has another number outside: $host" "${host:-0} > 0 && ${host:-0} != worker"

for way in $ways; do
	launch open-$way opensnoop --json --hook $way -p $worker
	launch stat-$way vfsstat --json --hook $way -p $worker 3600
	launch all-$way opensnoop --json --hook $way --comm work
	launch deep-$way opensnoop --json --hook $way -p $deeper
done
launch parent opensnoop --json --ppid $parent
launch thread opensnoop --json --tid $worker
launch host opensnoop --json --host-ids -p ${host:-1}
launch table opensnoop --comm work
launch top filetop --json -p $worker 3600
launch calls vfscount --json -p $worker
launch ext4 ext4dist --json -p $worker
all_ready
go
kill -CONT $deeper
worker=$top
finished
nap 0.3	# for the work outside
all_stop
for way in $ways; do
	are open-$way "opensnoop -p, $way: rows" 24 "rows(.pid == $inside and .tid == $inside)" "opensnoop -p, $way: no others" 24 rows
	are stat-$way "vfsstat -p, $way" '24 17' '[sum(.open), sum(.read)] | join(" ")'
	are deep-$way "opensnoop -p of a deeper namespace, $way" "31 31" "[rows(.pid == $deeper), rows] | join(\" \")"
	are all-$way "opensnoop, $way: of the one inside" 24 "rows(.pid == $inside)" "opensnoop, $way: of the deeper one" 31 "rows(.pid == $deeper)" \
		"opensnoop, $way: those outside are nobody's" 'true true' '[rows(.path == "outside" and .pid == null and .tid == null) > 0, rows(.path == "outside" and .pid != null) == 0] | join(" ")'
done
are parent '--ppid' 31 rows
are thread '--tid' 24 rows
are host '--host-ids -p' "24 24" "[rows(.pid == ${host:-0}), rows] | join(\" \")"
is 'a table shows those outside as such' 0 "$(awk '$NF == "outside" && $1 != "-"' table | wc -l)"
holds 'and it shows them' "$(awk '$NF == "outside" && $1 == "-"' table | wc -l) > 0"
are top 'filetop -p' "17 $inside" '[sum(.reads), (map(.tid // empty) | unique[])] | join(" ")'
are calls 'vfscount -p' 17 'map(select(.function == "vfs_read").count)[0]'
are ext4 'ext4dist -p' '17 24' '[sum(select(.operation == "read").count), sum(select(.operation == "open").count)] | join(" ")'

# What --exec starts has a number of ours, with two namespaces above; and with another's /proc
for way in $ways; do
	unshare -pf --mount-proc "$BPFTK" opensnoop --json --hook $way --exec "$WORK" open 7 $place/inside O_RDONLY 0 >out
	are out "--exec, $way: two levels down" '7 7' "[rows(.path == \"$place/inside\"), rows(.path == \"$place/inside\" and .pid < 9)] | join(\" \")"
done
unshare -pf "$BPFTK" opensnoop --json --exec "$WORK" open 7 $place/inside O_RDONLY 0 >out
is '--exec: /proc is that of the namespace above' 7 "$(rows out ".path == \"$place/inside\"")"
"$BPFTK" opensnoop --json --host-ids --exec "$WORK" open 7 $place/inside O_RDONLY 0 >out
is '--exec --host-ids' 7 "$(rows out ".path == \"$place/inside\" and .pid > $$")"

# A thread is no process
prepare thread stop open 1 $place/inside O_RDONLY 0
thread=$(ls /proc/$worker/task | grep -vx $worker)
exits '--pid of a thread' 2 "--pid $thread: that is a thread of $worker; use --tid" "$BPFTK" opensnoop -p $thread
exits '--ppid of a thread' 2 "--ppid $thread: that is a thread of $worker; use --tid" "$BPFTK" vfsstat --ppid $thread
exits '--pid of a thread, by another /proc' 2 "--pid $thread: that is a thread; use --tid" \
	unshare -m sh -c 'mount --bind proc /proc && exec "$@"' sh "$BPFTK" opensnoop -p $thread
launch out opensnoop --json --tid $thread
all_ready
go
all_stop
is '--tid of a thread' 1 "$(rows out)"

# The process that a tool begins and ends with: --exec, --pid, and with --children all that it starts
# slow: a hundred processes, seen by each way
. ../lib.sh

# Processes, threads and programs out of each other; one goes on when all above it have gone, 97 are short
cat >tree <<'X'
"$WORK" open 2 f O_RDONLY 0 fork open 3 f O_RDONLY 0 thread open 5 f O_RDONLY 0 fork open 7 f O_RDONLY 0 mkdir 19 d rmdir 19 d
("$WORK" sleep 700 open 11 f O_RDONLY 0 &)
for ((n = 0; n < 97; n++)); do : <f & done
wait
exec "$WORK" open 13 f O_RDONLY 0 sleep 1500 open 17 f O_RDONLY 0
X
all=$((2 + 3 + 5 + 7 + 11 + 97 + 13 + 17)) own=$((13 + 17))

# same DESCRIPTION EXPECTED FILE FILTER: what the tool says; together with what it lost, where programs are preempted
same() {
	ask "$3" "$4" lost
	if preempts; then
		holds "$1: ${answers[0]} of $2, ${answers[1]} lost" "${answers[0]} <= $2 && ${answers[0]} + ${answers[1]} >= $2"
	else
		is "$1" "$2 0" "${answers[*]}"
	fi
}

: >f
"$WORK" pause 20000 open 1000000 f O_RDONLY 0 mkdir 1 noise &	# somebody else
workers+=($!)
trees=()
for way in $ways; do
	mkdir $way $way-exec
	: >$way/f >$way-exec/f
	(cd $way && exec bash -c 'kill -STOP $$; exec bash ../tree') &
	trees+=($!)
	until_stopped $!
	launch pid-$way opensnoop --json --children --hook $way -p $!
	launch stat-$way vfsstat --json --children --hook $way -p ${trees[-1]} 3600
	launch alone-$way opensnoop --json --hook $way -p ${trees[-1]}
done
launch calls vfscount --json --children -p ${trees[0]}
all_ready
workers+=("${trees[@]}")
go_all "${trees[@]}"
# Each ends by itself, within what its probes take to go; those that do not: at what they are
late=
for ((name = 0, n = 0; name < ${#group[@]}; name += 2)); do
	while running ${group[name]} && ((n++ < 2400)); do nap; done
	! running ${group[name]} || late+="${group[name + 1]} $state $(</proc/${group[name]}/wchan) "
done
is 'the tools end with the process of --pid' '' "$late"
all_stop
for way in $ways; do
	same "--pid --children, $way" $all pid-$way 'rows(.path == "f")'
	same "--pid --children, vfsstat, $way" 19 stat-$way 'sum(.mkdir)'
	same "--pid without, $way" $own alone-$way 'rows(.path == "f")'
	(cd $way-exec && exec "$BPFTK" opensnoop --json --children --hook $way --exec bash ../tree >../exec-$way)
	is "--exec --children, $way: exit code" 0 $?
	same "--exec --children, $way" $all exec-$way 'rows(.path == "f")'
done
same '--pid --children, vfscount' 19 calls 'map(select(.function == "vfs_mkdir").count)[0]'

launch daemon opensnoop -v --json --children --keep-running --exec bash -c '("$WORK" sleep 300 open 11 f O_RDONLY 0 &)'
launch zombie opensnoop -v --json --exec bash -c 'exit 0'
all_ready
prepare stop
launch kept opensnoop --json -p $worker --keep-running
all_ready
go
until [ "$(grep -c '"f"' daemon)" = 11 ] || ((n++ > 400)); do nap; done
stop ${group[0]}
is '--keep-running: what goes on when the command has ended' 11 "$(rows daemon '.path == "f"')"
is '--keep-running: and the tool went on' 0 "$(kill -0 ${group[4]}; echo $?)"
all_stop

# Its exit code is the tool's
once || exit
code() { "$BPFTK" opensnoop "$@" >out 2>err; echo $?; }
is 'the command fails' 7 "$(code --exec sh -c 'exit 7')"
is 'the command is killed' 143 "$(code --exec sh -c 'kill -TERM $$')"
is 'the command cannot be run' 126 "$(code --exec /etc/passwd)"
is 'the command does not exist' 127 "$(code --exec /nosuchprogram)"
is 'the tool ends first' 0 "$(code --max-events 1 --exec sh -c 'exec 3<f; sleep 3; exit 7')"

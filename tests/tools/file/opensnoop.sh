# opensnoop: one row for each open, openat, openat2 and creat. Second sources: strace, /proc/PID/fd, realpath.
# slow: sixteen variants and four runs, and each start costs a second and a half
. ../lib.sh

echo some content >f

# nested NAME N: name/name/... N deep
nested() { local path=$1 n; for ((n = 1; n < $2; n++)); do path+=/$1; done; echo "$path"; }
long=$(printf 'd%.0s' {1..200})
longer=$(nested "$long" 15)

# 32-bit calls; only programs of x86 can do them without being 32-bit themselves
case $(uname -m) in
x86_64) steps32=(open32 7 f O_RDONLY 0 '!open32' 5 none O_RDONLY 0 openat32 3 . f O_RDONLY 0 '!openat32' 2 . none O_RDONLY 0
		 creat32 3 c32 0600 openat2_32 2 . f O_RDONLY 0 24) ;;
*)      steps32=(open 7 f O_RDONLY 0 '!open' 5 none O_RDONLY 0 openat 3 . f O_RDONLY 0 '!openat' 2 . none O_RDONLY 0
		 creat 3 c32 0600 openat2 2 . f O_RDONLY 0 24) ;;
esac
steps=(open 23 f O_RDONLY 0 '!open' 17 none O_RDONLY 0 open 3 f 'O_RDWR|O_CREAT|O_TRUNC' 0640
	openat 5 . f 'O_RDONLY|O_CLOEXEC' 0 '!openat' 2 . none O_WRONLY 0
	creat 7 c 0604 '!creat' 3 none/c 0600
	openat2 11 . f 'O_RDONLY|O_NOFOLLOW' 0 24 '!openat2' 13 . sized O_RDONLY 0 8 '!openat2' 2 . none O_RDONLY 0 24
	"${steps32[@]}"
	'!open' 2 0 O_RDONLY 0 open 2 . 'O_TMPFILE|O_RDWR' 0600 open 3 f O_PATH 0
	'!open' 1 "$(printf 'n%.0s' {1..300})" O_RDONLY 0
	thread open 5 f O_RDONLY 0)
# What is not seen: by io_uring, by a handle, by the kernel
unseen=(uring_open 3 f handle 2 f acct 2 f)
# How often, error, path; in the order of `sort`
expected=$(sort <<END
$((23 + 3 + 5 + 11 + 7 + 3 + 2 + 3 + 5)) 0 f
$((17 + 2 + 2 + 5 + 2)) ENOENT none
7 0 c
3 0 c32
3 ENOENT none/c
13 EINVAL sized
2 0 .
1 ENAMETOOLONG $(printf 'n%.0s' {1..300})
2 EFAULT ?
END
)

# The same lines from the tool's JSON, and from strace
of_json() {
	jq -r --arg comm "${2:-work}" 'select(.comm == $comm) | "\(.err_name // 0) \(if .err_name == "EFAULT" then "?" else .path end)"' <"$1" | counted
}
of_strace() {
	sed -nE 's/^[0-9]+ +(open|openat|openat2|creat)\(((AT_FDCWD|[0-9]+), )?("([^"]*)"|NULL).* = (-1 )?([A-Z0-9]+)( .*)?$/\6 \7 \5/p' "$1" |
		sed -E 's/^ [0-9]+/0/; s/^-1 +//; s/^EFAULT.*/EFAULT ?/; s/^ *//' | counted
}
counted() { sort | uniq -c | sed 's/^ *//' | sort; }

strace -f -s 5000 -e trace=open,openat,openat2,creat -o strace.out "$WORK" "${steps[@]}" || not_ok 'strace' "$(tail -n3 strace.out)"
is 'strace sees the same' "$expected" "$(of_strace strace.out)"

# Both ways watch the same work at once, here and below: a start takes its time.
prepare stop "${unseen[@]}" "${steps[@]}"
for way in $ways; do launch $way opensnoop --json --meta --strict --hook "$way" --pid "$worker"; done
all_ready
go
all_stop
for way in $ways; do
	is "$way: exit code with --strict" 0 "${statuses[$way]}"
	is "$way: all opens, by error and path" "$expected" "$(of_json $way)"
	are $way \
		"$way: failed ones have fd -1, others a descriptor" 0 'rows((.fd < 0) != (.err != 0))' \
		"$way: flags" '["O_CREAT","O_RDWR","O_TRUNC"]' 'map(select(.mode == 416) | .flags | sort) | unique[]' \
		"$way: mode" 3 'rows(.mode == 416)' \
		"$way: mode of creat" 7 'rows(.mode == 388 and .path == "c")' \
		"$way: no mode without O_CREAT" 0 'rows(.mode != null and .path == "f" and .mode != 416)' \
		"$way: O_CLOEXEC" 5 'rows(.flags | index("O_CLOEXEC"))' \
		"$way: flags of openat2" 11 'rows(.flags | index("O_NOFOLLOW"))' \
		"$way: O_TMPFILE" 2 'rows((.flags | index("O_TMPFILE")) and .mode == 384)' \
		"$way: rows of the thread" 5 'rows(.pid != .tid)' \
		"$way: all of the process" 0 "rows(.pid != $worker or .uid != 0)" \
		"$way: --meta" 'start end' 'map(.type // empty) | join(" ")' \
		"$way: no losses" '' '.[] | select(.type == "lost")' \
		"$way: --meta counts the rows" true 'rows == (.[] | select(.type == "end").rows)' \
		"$way: --meta names the way" "$way" '.[] | select(.type == "start").hook'
	has "$way: 0 lost" '0 lost' "$(<$way.err)"
done

# -F: what each path has to be, by /proc/PID/fd of the files held open
mkdir -p tree/a/b/mnt root/in/side root/in/mnt "deep/$(nested s 90)"
mount -t tmpfs mounted tree/a/b/mnt
mkdir -p tree/a/b/mnt/m/n
mount -t tmpfs inside root/in/mnt
mkdir root/in/mnt/q long
mkdir -p jail/etc tree/a/b/etc	# openat2 makes roots of them
echo >jail/etc/passwd >tree/a/b/etc/shadow
(cd long && for n in 1 2 3; do mkdir -p "$longer" && cd "$longer" || exit; done)
[ "$(uname -m)" = x86_64 ] && jail32=('!openat2_32' 1 @ /none32 O_RDONLY 0 24) || jail32=('!openat2' 1 @ /none32 O_RDONLY 0 24)
prepare stop hold here O_CREAT 0600 chdir tree/a/b/mnt/m/n hold there O_CREAT 0600 hold ../up O_CREAT 0600 \
	chdir .. dir ../.. holdat @ besides O_CREAT 0600 holdat @ "$PWD/absolute" O_CREAT 0600 \
	dir "$PWD/jail" resolve 0x10 holdat2 @ /etc/passwd O_RDONLY holdat2 @ ../..//etc/passwd O_WRONLY \
	chdir "$PWD/tree/a/b" holdat2 . /etc/shadow O_RDONLY resolve 0x8 holdat2 @ etc/passwd O_RDONLY \
	stop resolve 0x10 '!openat2' 1 @ /none O_RDONLY 0 24 '!openat2' 1 @ /unread O_RDONLY 0 8 "${jail32[@]}" \
	resolve 0x8 '!openat2' 1 @ /beneath O_RDONLY 0 24 '!openat2' 1 @ ../beneath O_RDONLY 0 24 resolve 0x10 \
	dirfd 999 '!openat2' 1 @ /nowhere O_RDONLY 0 24 dir "$PWD/tree/a/b" chdir "$PWD/tree/a/b/mnt/m" \
	'!openat' 1 @ nothing/here O_RDONLY 0 dirfd 999 '!openat' 1 @ from/nowhere O_RDONLY 0 \
	dirfd -2 '!openat' 1 @ from/nowhere O_RDONLY 0 chdir / hold tmp/root-relative O_CREAT 0600 \
	chdir "$PWD/deep/$(nested s 90)" hold toodeep O_CREAT 0600 \
	chdir "$PWD/long/$longer" chdir "$longer" chdir "$longer" hold toolong O_CREAT 0600 \
	chdir "$PWD" chroot root chdir /in/mnt/q hold jailed O_CREAT 0600 chdir /in hold side/jailed2 O_CREAT 0600
for way in $ways; do
	launch $way opensnoop --json -F --hook "$way" --pid "$worker"
	launch table-$way opensnoop -F -e -U -T --hook "$way" --pid "$worker"
done
all_ready
go
readlink "/proc/$worker/fd"/* | grep -v -e '^/dev' -e '^pipe:' -e "$PWD/work.err" -e "$PWD/out" >held
go
all_stop
path_of() { echo ".[] | select(.path // \"\" | test(\"$1\")).path"; }
for way in $ways; do
	# a name keeps its .. as given; realpath takes it away
	ask $way '.[] | select(.fd and .fd >= 0).path' rows
	is "$way: -F is what /proc/PID/fd says" "$(sort held)" \
		"$(head -n11 <<<"${answers[0]}" | xargs -d '\n' realpath -m | sort)"
	is "$way: the table has the same rows" "${answers[1]}" $(($(lines table-$way) - 1))
	are $way \
		"$way: -F across mount points" "$PWD/tree/a/b/mnt/m/n/there" "$(path_of '/there$')" \
		"$way: -F relative to a directory's descriptor" "$PWD/tree/a/b/besides" "$(path_of '/besides$')" \
		"$way: -F of a failed one" "$PWD/tree/a/b/nothing/here" "$(path_of nothing)" \
		"$way: -F, RESOLVE_IN_ROOT: marked" 6 'rows(.path_marks | index("in_root"))' \
		"$way: -F, RESOLVE_IN_ROOT, of failed ones" "[\"$PWD/jail/none\",\"$PWD/jail/none32\"]" \
		'map(select(.path | strings | test("/none(32)?$")) | .path)' \
		"$way: -F, RESOLVE_BENEATH lets nothing out" "[\"/beneath\",\"$PWD/jail/../beneath\"]" \
		'map(select(.path | strings | test("/beneath$")) | select(.err_name == "EXDEV") | .path)' \
		"$way: -F, flags of openat2 that the kernel has not read" '/unread EINVAL' \
		'map(select(.path | strings | test("unread$")) | "\(.path) \(.err_name)")[]' \
		"$way: -F, RESOLVE_IN_ROOT from a descriptor that is none" 1 \
		'rows(.path == "nowhere" and .path_marks == ["unreachable", "in_root"] and .err_name == "EBADF")' \
		"$way: -F in /" /tmp/root-relative "$(path_of root-rel)" \
		"$way: -F in a chroot, behind a mount point" /in/mnt/q/jailed "$(path_of 'jailed$')" \
		"$way: -F in a chroot" /in/side/jailed2 "$(path_of 'jailed2$')" \
		"$way: -F, too deep, too long: marked in JSON" 2 \
		'rows((.path | test("too(deep|long)$")) and (to_entries | any(.key != "path" and .value == ["deep"])))' \
		"$way: -F from a descriptor that is none: marked" 2 \
		'rows(.path == "from/nowhere" and .path_marks == ["unreachable"] and .err_name == "EBADF")' \
		"$way: only these are marked" 2 'rows(to_entries | any(.key != "path" and .value == ["deep"]))'
	has "$way: -F, too deep: marked in the table" '^\.\.\./s/s/.*/s/toodeep$' "$(awk '/toodeep/ { print $NF }' table-$way)"
	has "$way: -F, too long: marked in the table" "^\.\.\./.*/$long/toolong$" "$(awk '/toolong/ { print $NF }' table-$way)"
	mapfile -t table <table-$way
	has "$way: heading of -U -T -e" '^TIME\(s\) +UID +PID +COMM +FD +ERR +FLAGS +MODE +PATH$' "${table[0]}"
	has "$way: the time begins at 0" '^0\.000000' "${table[1]}"
	has "$way: it grows" '^0\.[0-9]*[1-9]|^[1-9]' "${table[-1]}"
done

# Filters: each combination lets another part of one work through
mkdir -m 777 mine
mkdir -p /sys/fs/cgroup/above/below "deep place"/{bound,again}
mount --bind /sys/fs/cgroup/above "deep place/bound"	# where a path lies does not say how deep a group is
mount -t cgroup2 none "deep place/again"
prepare_child open 2 f O_RDONLY 0 '!open' 3 none O_RDONLY 0 comm chosen \
	open 5 f O_RDONLY 0 '!open' 7 none O_RDONLY 0 create 11 mine/c \
	setuid 1234 open 13 f O_RDONLY 0 '!open' 17 none O_RDONLY 0 thread open 19 f O_RDONLY 0 '!open' 23 none O_RDONLY 0
echo "$child" >/sys/fs/cgroup/above/below/cgroup.procs
for way in $ways; do
	launch out1-$way opensnoop --json --hook "$way" -x --ppid "$worker"
	launch out2-$way opensnoop --json --meta --columns err,path --hook "$way" -n hose
	launch out3-$way opensnoop --json --hook "$way" -u 1234 -x
	launch out4-$way opensnoop --csv --hook "$way" -t "$child" -f O_CREAT
	launch out5-$way opensnoop --hook "$way" -f O_RDONLY --cgroup /sys/fs/cgroup/above
	launch bound-$way opensnoop --hook "$way" --json -f O_RDONLY --cgroup "deep place/bound"
	launch again-$way opensnoop --hook "$way" --json -f O_RDONLY --cgroup "deep place/again/above"
done
all_ready
run open 29 f O_RDONLY 0 '!open' 31 none O_RDONLY 0 comm hos open 7 f O_RDONLY 0
go_child
all_stop
for way in $ways; do
	ask_each rows out{1,2,3}-$way
	is "$way: -x --ppid" 50 "${answers[0]}"
	is "$way: -n" 95 "${answers[1]}"
	is "$way: -u -x" 40 "${answers[2]}"
	is "$way: -t -f O_CREAT, as CSV" 11 $(($(lines out4-$way) - 1))
	is "$way: -f O_RDONLY --cgroup, as table" 89 $(($(lines out5-$way) - 1))
	ask_each rows {bound,again}-$way
	is "$way: --cgroup by a bind mount, by another mount" '89 89' "${answers[*]}"
done
fits opensnoop ${ways%% *} out{1,2,4}-${ways##* }

# A part of a name: at its end, across its two halves, all of it
if once; then
	for way in $ways; do
		launch end-$way opensnoop --json --hook "$way" --comm 6789abcde
		launch whole-$way opensnoop --json --hook "$way" --comm 0123456789abcde
	done
	all_ready
	run comm 0123456789abcde open 7 f O_RDONLY 0 comm 0123456789abcd open 11 f O_RDONLY 0 comm ..6789abcde open 13 f O_RDONLY 0 \
		comm 0123456789abcdX open 17 f O_RDONLY 0 comm 6789abcdeX open 3 f O_RDONLY 0 comm 789abcde open 19 f O_RDONLY 0
	all_stop
	for way in $ways; do
		ask_each rows {end,whole}-$way
		is "$way: --comm, nine letters anywhere" 23 "${answers[0]}"
		is "$way: --comm, a whole name" 7 "${answers[1]}"
	done
fi

### A 32-bit program on arm64: some calls have functions of their own for it, some have not

if [ -x "$WORK-32" ]; then
	steps=(open 23 f O_RDONLY 0 '!open' 17 none O_RDONLY 0 openat 5 . f 'O_RDONLY|O_CLOEXEC' 0 '!openat' 2 . none O_WRONLY 0
		creat 7 c 0604 openat2 11 . f 'O_RDONLY|O_NOFOLLOW' 0 24 '!openat2' 13 . sized O_RDONLY 0 8
		'!open' 3 f 'O_DIRECTORY|O_PATH' 0 '!open' 2 0 O_RDONLY 0)
	expected=$(sort <<<"$((23 + 5 + 11)) 0 f
$((17 + 2)) ENOENT none
7 0 c
13 EINVAL sized
2 EFAULT ?
3 ENOTDIR f")
	for way in $ways; do
		"$BPFTK" opensnoop --json --comm work-32 --hook "$way" --exec "$WORK-32" "${steps[@]}" >out
		is "$way: 32-bit: exit code" 0 $?
		is "$way: 32-bit: all opens, by error and path" "$expected" "$(of_json out work-32)"
		is "$way: 32-bit: flags" 11 "$(rows out '.flags | index("O_NOFOLLOW")')"
		is "$way: 32-bit: mode of creat" 7 "$(rows out '.mode == 388 and .path == "c"')"
	done
elif [ "$(uname -m)" = aarch64 ]; then
	echo "32-bit programs: not tried, there was no compiler for one"
fi

### Options that say when to end, and what to show

once || exit
run open 1 f O_RDONLY 0
"$BPFTK" opensnoop --exec "$WORK" open 23 f O_RDONLY 0 '!open' 17 none O_RDONLY 0 >out 2>out.err
is '--exec: exit code' 0 $?
is '--exec: rows of its opens' 23 "$(grep -c ' 0 f$' out)"
is '--exec: rows of those that failed' 17 "$(grep -c ' -1   2 none$' out)"
is '--exec: nothing beside' 41 "$(lines out)"
"$BPFTK" opensnoop --max-events 5 --columns path,err --no-header --exec "$WORK" open 23 f O_RDONLY 0 sleep 300 open 3 f O_RDONLY 0 >out 2>out.err
is '--max-events: exit code' 0 $?
is '--max-events --columns --no-header: rows' 5 "$(grep -cE '^f +0$' out)"
is '--max-events: no more' 5 "$(lines out)"
begun=$EPOCHSECONDS
"$BPFTK" opensnoop -d 2 -n nobody -b 16 >out 2>out.err
is '-d 2: exit code' 0 $?
holds '-d 2: ends by itself' "EPOCHSECONDS - begun >= 2"
is '-n that matches nothing: only a heading' 'PID    COMM               FD ERR PATH' "$(<out)"
"$BPFTK" opensnoop -f O_TRUNC -f O_APPEND --json --exec "$WORK" open 5 f O_RDONLY 0 open 2 f 'O_WRONLY|O_TRUNC' 0 open 3 f 'O_RDWR|O_APPEND' 0 >out
is '-f twice: any of them' 5 "$(rows out)"

# biolatency with as many requests under way as 24 disks can have, and with more of them one after the other than its table
# has room for. A request has to stay under way until the last of 24,576 has been issued: this takes its time.
# Second source: /sys/block/DISK/inflight and stat.
. ../lib.sh

aio=$WORK-aio
disks=24 depth=1024
all=$((disks * depth))

# make NAME NANOSECONDS: the disks
make() {
	local n
	made=()
	for ((n = 0; n < disks; n++)); do
		made+=("$(null_disk "$1$n" "$2" $depth)")
		echo none >"/sys/block/${made[n]#/dev/}/queue/scheduler"	# or the scheduler's requests are what there is of them
	done
}

# take FILE: shown, and lost because the table was full
take() { jq -sc '[(map(select(.disk) | select(.disk | test("^(nullb|brief|long)")).count) | add // 0),
	(map(select(.cause == "map full").count) | add // 0)]' <"$1"; }

# stats FIELD FILE: the sum over the disks
stats() { local disk; for disk in "${made[@]#/dev/}"; do cat "/sys/block/$disk/$2"; done | awk '{ n += $'"$1"' } END { print n + 0 }'; }

modprobe null_blk nr_devices=0 || not_ok "many requests" "no null_blk here"

# Before the disks are there, and four at a time: the table knows nothing of them.
for way in $ways; do launch "early.$way" biolatency --hook "$way" -D --json; done
all_ready
make brief 100000000
for ((n = 0; n < disks; n += 4)); do
	users=()
	for disk in "${made[@]:n:4}"; do
		$aio "$disk" r:0:4096:$depth:4096 2>>aio.err &
		users+=($!)
	done
	wait "${users[@]}" || not_ok "requests of ${made[n]} and the next three" "$(<aio.err)"
done
is "second source: completed" $all "$(stats 1 stat)"
all_stop
for way in $ways; do is "$way: $all requests, no more than 4,096 at once: [shown, lost]" "[$all,0]" "$(take "early.$way")"; done
rmdir /sys/kernel/config/nullb/brief*

# All at once
make long 20000000000
for way in $ways; do launch "late.$way" biolatency --hook "$way" -D --json; done
all_ready
users=()
for disk in "${made[@]}"; do
	$aio "$disk" r:0:4096:$depth:4096 2>>aio.err &
	users+=($!)
done
most=0
while [ "$(stats 1 stat)" = 0 ]; do
	now=$(stats 1 inflight)
	((now > most)) && most=$now
	[ "$most" = $all ] && break
	nap 0.2
done
is "second source: all are under way at once" $all "$most"
wait "${users[@]}" || not_ok "requests of all disks at once" "$(<aio.err)"
is "second source: and then completed" $all "$(stats 1 stat)"
all_stop
for way in $ways; do is "$way: $all requests at once: [shown, lost]" "[$all,0]" "$(take "late.$way")"; done

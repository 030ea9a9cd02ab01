# What every test of a tool uses; runs in the guest (tests/tools/all sets BPFTK, WORK and the directory). README.md shows a test.

set -u
passed=0 failed=0
tool= status= worker=
workers=() tools=()	# what is still to be cleaned up
group=()		# tools that were launched together
answers=()		# of `ask`
declare -A statuses	# of those that all_stop ended, by the name of their output
exec {clock}<> <(:)

nap() { read -rt "${1:-0.05}" -u "$clock"; :; }	# sleep without starting a program

ok() { passed=$((passed + 1)); printf 'ok %s\n' "$1"; }

# not_ok DESCRIPTION WHY
not_ok() { failed=$((failed + 1)); printf 'not ok %s (%s)\n' "$1" "${2//$'\n'/\\n}"; }

# is DESCRIPTION EXPECTED ACTUAL
is() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected $2, got $3"; fi
}

# has DESCRIPTION PATTERN TEXT: an extended regular expression
has() {
	if [[ $3 =~ $2 ]]; then ok "$1"; else not_ok "$1" "expected /$2/, got $3"; fi
}

# holds DESCRIPTION EXPRESSION: arithmetic
holds() {
	if (($2)); then ok "$1"; else not_ok "$1" "not so: $2"; fi
}

# lines FILE: how many
lines() { local all; mapfile -t all <"$1"; echo ${#all[@]}; }

# ask FILE FILTER...: $answers, of each jq FILTER what it says of the array of all objects of a JSON output. One start of
# jq, which takes half a second here. Filters may use, beside what jq knows:
#	rows, rows(F)	how many rows (F lets through), `lost`, `start` and `end` apart
#	sum(F), lost	of F over all rows; of what was reported as lost
filters='def rows(f): map(select(.type | IN("lost", "start", "end") | not) | select(f)) | length;
	def rows: rows(true);
	def sum(f): map(f // 0) | add // 0;
	def lost: map(select(.type == "lost").count) | add // 0;
	def answer(f): ([f | if type == "string" then . else tojson end] | join("\n")), "\u0000";'
ask() {
	local program=
	printf -v program 'answer(%s),' "${@:2}"
	mapfile -d '' answers < <(jq -sj "$filters ${program%,}" <"$1" 2>&1)
	# an error of jq must not look like an empty answer
	while [ ${#answers[@]} -lt $(($# - 1)) ]; do answers+=('no answer'); done
}

# ask_each FILTER FILE...: $answers, what FILTER says of each of these outputs; to it, $file is the name of the one
ask_each() {
	local files
	printf -v files '"%s",' "${@:2}"
	mapfile -d '' answers < <(jq -nj "$filters [inputs | [input_filename, .]] as \$all | (${files%,}) as \$file |
		[\$all[] | select(.[0] == \$file)[1]] | answer($1)" "${@:2}" 2>&1)
	while [ ${#answers[@]} -lt $(($# - 1)) ]; do answers+=('no answer'); done
}

# are FILE [DESCRIPTION EXPECTED FILTER]...: `is` for what `ask` answers
are() {
	local n ask=()
	for ((n = 4; n <= $#; n += 3)); do ask+=("${!n}"); done
	ask "$1" "${ask[@]}"
	shift
	for n in "${!ask[@]}"; do is "${@:3 * n + 1:2}" "${answers[n]}"; done
}

# fits TOOL FILE...: what JSON and CSV have in them is what `bpftk schema TOOL` says; of long files the first and last rows,
# and all that are no rows. A validator for what our schemas use of JSON Schema (tests/unit/schemas.py has another's).
schema_filter='
	def typed($name): if $name == "integer" then type == "number" and . == floor else type == $name end;
	def valid($s): . as $value |
		($s == true or $s == null) or ($s != false and
		(($s | has("const") | not) or . == $s.const) and
		($s.oneOf == null or ([$s.oneOf[] | select(. as $one | $value | valid($one))] | length) == 1) and
		($s.type == null or any($s.type | if type == "array" then .[] else . end; . as $name | $value | typed($name))) and
		($s.pattern == null or type != "string" or test($s.pattern)) and
		($s.format != "date-time" or test("^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{9}Z$")) and
		(if type == "object" then
			all($s.required[]?; in($value)) and
			all($s.dependentRequired // {} | to_entries[]; (.key | in($value) | not) or all(.value[]; in($value))) and
			all(to_entries[]; . as $member | $s.properties | if has($member.key) then .[$member.key] else $s.additionalProperties end |
				. as $known | $member.value | valid($known))
		elif type == "array" then all(.[]; valid($s.items)) else true end));
	def fields: [("," + .) | scan(",(\"(?:[^\"]|\"\")*\"|[^,]*)")[0] | if .[:1] == "\"" then .[1:-1] | gsub("\"\""; "\"") else . end];
	reduce inputs as $line ({ fit: 0, wrong: [] };
		if $line[:1] == "=" then .file = $line | .heading = null
		elif $line[:1] == "{" then (try ($line | fromjson | valid($schema)) catch false) as $fits |
			if $fits then .fit += 1 else .wrong += ["\(.file) \($line)"] end
		elif .heading == null then .heading = ($line | fields)
		else .heading as $keys | ($line | fields) as $values |
			(($keys | length) == ($values | length) and
			([$keys, $values] | transpose | map({ (.[0]): .[1] }) | add | valid($schema["$defs"].csv))) as $fits |
			if $fits then .fit += 1 else .wrong += ["\(.file) \($line)"] end
		end) |
	if .wrong == [] then "\(.fit) lines" else .wrong[:5][] end'
fits() {
	local tool=$1 file all said
	shift
	said=$({
		for file; do
			mapfile -t all <"$file"
			printf '%s\n' "=$file" "${all[@]:0:20}"
			[ ${#all[@]} -le 20 ] || printf '%s\n' "${all[@]:${#all[@]} > 40 ? -20 : 20}"
		done
		grep -hE '"type":"(lost|start|end)"' "$@"
	} | jq -nRr --argjson schema "$("$BPFTK" schema "$tool")" "$schema_filter" 2>&1)
	has "schema of $tool fits all lines" '^[1-9][0-9]* lines$' "$said"
}

# sum FILE KEY: of all rows of a JSON output
sum() { ask "$1" "sum(.$2)"; echo "${answers[0]}"; }

# rows FILE [FILTER]: how many rows of a JSON output the jq FILTER lets through, `lost`, `start` and `end` apart
rows() { ask "$1" "rows(${2:-true})"; echo "${answers[0]}"; }

# lost FILE: as the tool reports it: rows in JSON, lines on stderr otherwise
lost() {
	local first=
	read -rN1 first <"$1"
	if [ "$first" = '{' ]; then
		ask "$1" lost
		echo "${answers[0]}"
	else
		awk '$3 == "lost" { n += $4 } END { print n + 0 }' "$1.err"
	fi
}

# begin COMMAND...: in the background; SIGINT reaches it though this shell has no job control
begin() { exec env --default-signal=INT,QUIT,PIPE "$@"; }

# launch OUT TOOL ARGS...: start a tool without waiting for it; $tool is its process. `all_ready` waits for several at
# once, which is much quicker than one after the other, and `all_stop` ends them.
launch() {
	out=$1
	: >"$out" >"$out.err"	# what `ready` waits for may be there from before
	begin "$BPFTK" "${@:2}" -v >"$out" 2>"$out.err" &
	tool=$!
	tools+=("$tool")
	group+=("$tool" "$out")
}

# ready TOOL OUT: wait until it has attached; if it ended instead, that is a failure
ready() {
	local said
	until read -rd '' said <"$2.err"; [[ $said = *'attached by'* ]]; do
		if ! kill -0 "$1" 2>/dev/null; then
			not_ok "start of $2" "$(<"$2.err")"
			return 1
		fi
		nap
	done
}

all_ready() {
	local n
	for ((n = 0; n < ${#group[@]}; n += 2)); do ready "${group[n]}" "${group[n + 1]}"; done
}

# One that has ended by itself did so with the process of --pid, or else it failed.
all_stop() {
	local n early=()
	for ((n = 0; n < ${#group[@]}; n += 2)); do
		kill -INT "${group[n]}" 2>/dev/null || early[n]=1
	done
	for ((n = 0; n < ${#group[@]}; n += 2)); do
		ended "${group[n]}"
		statuses[${group[n + 1]}]=$status
		[ ! "${early[n]:-}" ] || [ $status = 0 ] || not_ok "${group[n + 1]} ended too early" "$(<"${group[n + 1]}.err")"
	done
	group=()
}

# start OUT TOOL ARGS...: one tool, and wait until it has attached
start() {
	launch "$@"
	group=("${group[@]:0:${#group[@]}-2}")
	ready "$tool" "$1"
}

# stop [PROCESS]: end the tool as Ctrl-C does; $status is its exit code. With 2>&1 what it said is in OUT.err
stop() {
	kill -INT "${1:-$tool}" 2>/dev/null
	ended "${1:-$tool}"
}

# ended [PROCESS]: wait for the end of the tool; $status is its exit code
ended() {
	wait "${1:-$tool}"
	status=$?
}

# prepare STEPS...: start a workload (see work.c) that has a step `stop`, and wait until it is there; $worker is its process
prepare() {
	"$WORK" "$@" 2>work.err &
	worker=$!
	workers+=("$worker")
	until_stopped
}

# look PROCESS: $state is T stopped, Z ended, empty: gone; $switches tells one stop from the next
look() {
	local key value
	state= switches=
	while read -r key value; do
		case $key in
		State:) state=${value%% *} ;;
		voluntary_ctxt_switches:) switches=$value ;;
		esac
	done 2>/dev/null <"/proc/$1/status"
}

# running PROCESS: it has not ended
running() { look "$1"; [[ $state && $state != Z ]]; }

until_stopped() {
	look "${1:-$worker}"
	until [[ $state =~ ^[TZ]?$ ]]; do nap 0.02; look "${1:-$worker}"; done
}

# go: let the workload do its steps up to the next `stop`, or to its end
go() {
	local before
	look "$worker"
	before=$switches
	kill -CONT "$worker"
	while look "$worker"; [ "$state$switches" = "T$before" ]; do nap 0.01; done
	until_stopped
	[ "$state" = T ] || finished
}

# child_of PROCESS: $child, once it has one. /proc/PROCESS/task/*/children is not on every kernel (CONFIG_PROC_CHILDREN).
# Its number comes soon after its parent's.
child_of() {
	local number line fields
	for ((child = 0; !child; )); do
		nap 0.02
		for ((number = $1 + 1; number < $1 + 64 && !child; number++)); do
			read -r line 2>/dev/null <"/proc/$number/stat" || continue
			fields=(${line##*) })
			[ "${fields[1]}" != "$1" ] || child=$number
		done
	done
}

# prepare_child STEPS...: the same in a child of the workload: $worker is the parent, $child the one that does it
prepare_child() {
	"$WORK" fork stop "$@" 2>work.err &
	worker=$!
	workers+=("$worker")
	child_of "$worker"
	until_stopped "$child"
}

# go_child: let it do its steps, to the end
go_child() {
	kill -CONT "$child"
	finished
}

# finished: the workload has ended, and all its steps must have gone as they should
finished() {
	wait "$worker"
	[ $? = 0 ] || not_ok "the workload" "$(<work.err)"
}

# trace_on REGEX PROCESS...: the kernel's function tracer watches these functions (whole names) as called by these processes.
# By number: to look for a name the kernel finds the names of all its functions, for each word anew, and that takes seconds
# here. trace_list makes the list again, after modules have come or gone.
tracing=/sys/kernel/tracing
trace_list() { cat $tracing/available_filter_functions >functions; }
trace_on() {
	[ -e functions ] || trace_list
	local numbers=$(awk -v wanted="^($1)\$" '$1 ~ wanted { print NR }' functions)
	[ "$numbers" ] || { not_ok "$1: a function to trace" 'there is none'; return 1; }
	echo >$tracing/trace
	echo $numbers >$tracing/set_ftrace_filter
	echo "${@:2}" >$tracing/set_ftrace_pid
	echo function >$tracing/current_tracer
}

# trace_off: stop it; "PROCESS FUNCTION" of each call that it saw is in the file `traced`
trace_off() {
	awk '/ <-/ { sub(/ <-.*/, ""); thread = $0; sub(/ *\[[0-9]+\].*/, "", thread); sub(/.*-/, "", thread); print thread, $NF }' \
		$tracing/trace >traced
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_pid
	echo >$tracing/set_ftrace_filter
	echo >$tracing/trace
}

# go_all PROCESS...: several workloads at once, to their end
go_all() {
	kill -CONT "$@"
	for worker; do finished; done
}

# run STEPS...: a workload from beginning to end
run() { "$WORK" "$@" 2>work.err || not_ok "the workload" "$(<work.err)"; }

# exits DESCRIPTION CODE PATTERN COMMAND...: COMMAND ends with CODE and one line on stderr that matches
exits() {
	"${@:4}" >exits.out 2>exits.err </dev/null
	local code=$? said
	mapfile -t said <exits.err
	if [ $code = "$2" ] && [ ${#said[@]} = 1 ] && [[ ${said[0]} =~ $3 ]]; then
		ok "$1"
	else
		not_ok "$1" "expected exit $2 and one line /$3/, got exit $code and ${#said[@]}: $(<exits.err)"
	fi
}

# null_disk NAME ATTRIBUTE=VALUE...: a disk of the module null_blk, of 64 MiB; $made is what the kernel calls it
null_disk() {
	local at=/sys/kernel/config/nullb/$1 attribute
	modprobe null_blk nr_devices=0 || not_ok "disk $1" "no null_blk here"
	mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
	mkdir "$at" || return
	for attribute in size=64 submit_queues=1 "${@:2}" power=1; do
		echo "${attribute#*=}" >"$at/${attribute%%=*}"
	done
	read -r made <"$at/index"
	[ -e "/sys/block/$1" ] && made=$1 || made=nullb$made	# from 6.4 it is called as its directory
}

# once: is this the kernel where what does not depend on the kernel is tried, too? tests/run leaves it to one of them.
once() { [ ! "${BPFTK_NOT_AGAIN:-}" ]; }

kernel_before() { [ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n1)" != "$1" ]; }	# kernel_before 5.18

# Does this kernel preempt its own code? And programs at tracepoints as well?
preempts() { grep -qs '(full)\|(lazy)\|(laziest)' /sys/kernel/debug/sched/preempt || [[ $(uname -v) = *PREEMPT_RT* ]]; }
traces_preempted() { preempts && grep -q ' init_srcu_struct_fast$' /proc/kallsyms; }

summary() {
	trap - EXIT
	kill -KILL "${workers[@]}" "${tools[@]}" 2>/dev/null
	echo "$passed passed, $failed failed"
	exit $((failed != 0))
}
trap summary EXIT

ways=${WAYS:-fentry kprobe}	# tests/tools/all says which this kernel has

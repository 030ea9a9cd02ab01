# probes/lib/kernel.h against this kernel's own types.
. ../lib.sh

is "there is an object with all types of kernel.h" yes "$([ -s "$BUILD/tests/tools/kernel-types.o" ] && echo yes)"
while IFS= read -r line; do
	case $line in
	"ok "*) ok "${line#ok }" ;;
	*) not_ok "${line#not ok }" "probes/lib/kernel.h must say what this kernel says" ;;
	esac
done < <("$BUILD/tests/tools/kernel-types" "$BUILD/tests/tools/kernel-types.o" 2>&1)
holds "every type was compared" "passed > 30"

### What core finds out about this kernel, and what bpftool says

"$BUILD/tests/tools/kernel-asks" >asked || not_ok 'kernel-asks' 'it failed'
answer() { awk -v question="$1" '$1 == question { print $2 }' asked; }
# By one look at all types: whether request_queue has these members, and which parameter of vfs_unlink is the first that
# points to a dentry
bpftool btf dump file /sys/kernel/btf/vmlinux format raw | awk '
	/^\[/ { queue = proto = 0
		if ($2 == "FUNC_PROTO") { proto = $1; n = 0 }
		else if ($2 == "PTR") to[$1] = $NF
		else if ($2 == "STRUCT" && $3 == "'\''dentry'\''") dentry = $1
		else if ($2 == "STRUCT" && $3 == "'\''request_queue'\''") queue = 1
		else if ($2 == "FUNC" && $3 == "'\''vfs_unlink'\''") wanted = $4
		next }
	proto { parameter[proto, n++] = $2 }
	queue { there[$1] = 1 }
	function id(type) { sub("type_id=", "", type); return "[" type "]" }
	END { print "disk", there["'\''disk'\''"] + 0
		print "elevator", there["'\''elevator'\''"] + 0
		for (n = 0; (id(wanted), n) in parameter; n++) if (id(to[id(parameter[id(wanted), n])]) == dentry) break
		print "dentry", n }' >there
there() { awk -v name="$1" '$1 == name { print $2 }' there; }
is 'support_kfunc: fentry is there on every kernel of the matrix' 1 "$(answer support_kfunc)"
for field in disk elevator; do
	is "kernel_struct_has_field: request_queue.$field" "$(there $field)" "$(answer request_queue.$field)"
done
is 'kernel_struct_has_field: no such struct' -1 "$(answer no_such_struct.field)"
is 'kernel_parameter: the file of vfs_read' 0 "$(answer vfs_read:file)"
is 'kernel_parameter: the dentry of vfs_unlink' "$(there dentry)" "$(answer vfs_unlink:dentry)"
is 'kprobe_functions' 2 "$(answer functions)"

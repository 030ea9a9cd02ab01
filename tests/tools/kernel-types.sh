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

bpftool btf dump file /sys/kernel/btf/vmlinux format raw >dump
"$BUILD/tests/tools/kernel-asks" >asked || not_ok 'kernel-asks' 'it failed'
answer() { awk -v question="$1" '$1 == question { print $2 }' asked; }
has_field() { awk -v type="'$1'" -v field="'$2'" '/^\[/ { on = $2 == "STRUCT" && $3 == type } on && $1 == field { n = 1 } END { print n + 0 }' dump; }
# position FUNCTION TYPE: of its first parameter that points to struct TYPE
position() {
	awk -v function_="'$1'" -v type="'$2'" '
		/^\[/ { id = substr($1, 2, length($1) - 2); kind[id] = $2; name[id] = $3; of = ""
			for (i = 3; i <= NF; i++) if ($i ~ /^type_id=/) of = substr($i, 9)
			to[id] = of; n = 0; if ($2 == "FUNC" && $3 == function_) wanted = of; next }
		kind[id] == "FUNC_PROTO" { for (i = 1; i <= NF; i++) if ($i ~ /^type_id=/) parameter[id, n++] = substr($i, 9) }
		END { for (n = 0; (wanted, n) in parameter; n++) { p = parameter[wanted, n]
			if (kind[p] == "PTR" && kind[to[p]] == "STRUCT" && name[to[p]] == type) { print n; exit } } }' dump
}
is 'support_kfunc: fentry is there on every kernel of the matrix' 1 "$(answer support_kfunc)"
for field in disk elevator; do
	is "kernel_struct_has_field: request_queue.$field" "$(has_field request_queue $field)" "$(answer request_queue.$field)"
done
is 'kernel_struct_has_field: no such struct' -1 "$(answer no_such_struct.field)"
is 'kernel_parameter: the file of vfs_read' 0 "$(answer vfs_read:file)"
is 'kernel_parameter: the dentry of vfs_unlink' "$(position vfs_unlink dentry)" "$(answer vfs_unlink:dentry)"
is 'kprobe_functions' 2 "$(answer functions)"

# probes/kernel.h against this kernel's own types.
. ../lib.sh

is "there is an object with all types of kernel.h" yes "$([ -s "$BUILD/tests/tools/kernel-types.o" ] && echo yes)"
while IFS= read -r line; do
	case $line in
	"ok "*) ok "${line#ok }" ;;
	*) not_ok "${line#not ok }" "probes/kernel.h must say what this kernel says" ;;
	esac
done < <("$BUILD/tests/tools/kernel-types" "$BUILD/tests/tools/kernel-types.o" 2>&1)
holds "every type was compared" "passed > 30"

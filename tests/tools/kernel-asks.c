// SPDX-License-Identifier: GPL-2.0-only
/* kernel-asks - what core/kernel/kernel.h answers on the running kernel, as QUESTION ANSWER: for kernel-types.sh to compare. */
#include <stdio.h>
#include <stdlib.h>
#include "kernel/kernel.h"

int main(void)
{
	const struct types *types = kernel_types(NULL);
	struct function *functions;
	size_t count, refused;

	if (!types)
		return fprintf(stderr, "kernel-asks: no type information\n"), 1;
	printf("support_kfunc %d\n", support_kfunc());
	printf("request_queue.disk %d\n", kernel_struct_has_field(types, "request_queue", "disk"));
	printf("request_queue.elevator %d\n", kernel_struct_has_field(types, "request_queue", "elevator"));
	printf("no_such_struct.field %d\n", kernel_struct_has_field(types, "no_such_struct", "field"));
	printf("vfs_read:file %d\n", kernel_parameter(types, "vfs_read", "file"));
	printf("vfs_unlink:dentry %d\n", kernel_parameter(types, "vfs_unlink", "dentry"));
	if (kprobe_functions("vfs_(read|write)", &functions, &count, &refused))
		return 1;
	printf("functions %zu\n", count);
	functions_free(functions, count);
	return 0;
}

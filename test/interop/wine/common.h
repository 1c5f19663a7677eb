/* What both programs need; shapes.h is what widl makes of shapes.idl. */
#include <windows.h>
#include <rpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shapes.h"

void *__RPC_USER MIDL_user_allocate(SIZE_T size) { return calloc(1, size ? size : 1); }
void __RPC_USER MIDL_user_free(void *block) { free(block); }

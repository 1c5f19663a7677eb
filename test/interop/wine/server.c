/* shapes-server PORT: serves the interface until its standard input ends. */
#include "common.h"

LONG __cdecl add(handle_t h, LONG a, LONG b) { return (LONG)((ULONG)a + (ULONG)b); }

void __cdecl echo_scalars(handle_t h, scalars *given, scalars *taken) { *taken = *given; }

LONG __cdecl echo_wide(handle_t h, const WCHAR *given, WCHAR **taken) {
  int length = lstrlenW(given);
  *taken = MIDL_user_allocate((length + 1) * sizeof(WCHAR));
  memcpy(*taken, given, length * sizeof(WCHAR));
  return length;
}

LONG __cdecl echo_narrow(handle_t h, const char *given, char **taken) {
  *taken = NULL;
  if (!given) return -1;
  *taken = MIDL_user_allocate(strlen(given) + 1);
  strcpy(*taken, given);
  return strlen(given);
}

hyper __cdecl total(handle_t h, LONG count, const LONG items[]) {
  hyper sum = 0;
  for (LONG i = 0; i < count; i++) sum += items[i];
  return sum;
}

/* One more item than came, where there is room for it. */
LONG __cdecl reverse(handle_t h, LONG room, LONG *used, short *items) {
  for (LONG i = 0, j = *used - 1; i < j; i++, j--) {
    short item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
  if (*used < room) items[(*used)++] = 7;
  return *used;
}

LONG __cdecl echo_run(handle_t h, run *given, run **taken) {
  *taken = MIDL_user_allocate(sizeof(run) + given->count * sizeof(short));
  (*taken)->count = given->count;
  memcpy((*taken)->items, given->items, given->count * sizeof(short));
  return given->count;
}

LONG __cdecl echo_counted(handle_t h, counted *given, counted *taken) {
  taken->length = given->length;
  taken->room = given->room;
  taken->text = NULL;
  if (given->text) {
    taken->text = MIDL_user_allocate(given->room);
    memcpy(taken->text, given->text, given->length);
  }
  return given->length;
}

LONG __cdecl echo_chain(handle_t h, link *given, link **taken) {
  LONG count = 0;
  *taken = NULL;
  for (; given; given = given->next, count++) {
    *taken = MIDL_user_allocate(sizeof(link));
    (*taken)->value = given->value;
    taken = &(*taken)->next;
  }
  return count;
}

LONG __cdecl echo_choice(handle_t h, choice *given, choice *taken) {
  *taken = *given;
  return given->kind;
}

LONG __cdecl echo_table(handle_t h, table *given, table *taken) {
  taken->count = given->count;
  taken->entries = MIDL_user_allocate(given->count * sizeof(entry));
  for (LONG i = 0; i < given->count; i++) {
    taken->entries[i] = given->entries[i];
    if (given->entries[i].kind == 3)
      echo_counted(h, &given->entries[i].it.name, &taken->entries[i].it.name);
  }
  return given->count;
}

LONG __cdecl squares(handle_t h, LONG wanted, LONG *count, hyper **items) {
  *count = wanted;
  *items = MIDL_user_allocate(wanted * sizeof(hyper));
  for (LONG i = 0; i < wanted; i++) (*items)[i] = (hyper)i * i;
  return 0;
}

LONG __cdecl transpose(handle_t h, LONG given[2][3], LONG taken[3][2]) {
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++) taken[j][i] = given[i][j];
  return given[0][0];
}

LONG __cdecl letters(handle_t h, LONG count, const label labels[]) {
  LONG sum = 0;
  for (LONG i = 0; i < count; i++) sum += labels[i] ? lstrlenW(labels[i]) : 1000;
  return sum;
}

LONG __cdecl open_counter(handle_t h, LONG start, counter *opened) {
  LONG *number = MIDL_user_allocate(sizeof(LONG));
  *number = start;
  *opened = number;
  return 0;
}

LONG __cdecl next_number(counter from, LONG *number) {
  *number = (*(LONG *)from)++;
  return 0;
}

LONG __cdecl close_counter(counter *closed) {
  free(*closed);
  *closed = NULL;
  return 0;
}

void __RPC_USER counter_rundown(counter left) {
  printf("rundown %d\n", (int)*(LONG *)left);
  fflush(stdout);
  free(left);
}

void __cdecl fail(handle_t h, ULONG status) { RpcRaiseException(status); }

int main(int argc, char **argv) {
  RPC_STATUS status = RpcServerUseProtseqEpA((RPC_CSTR) "ncacn_ip_tcp", 20, (RPC_CSTR)argv[1], NULL);
  if (!status) status = RpcServerRegisterIf(shapes_v1_0_s_ifspec, NULL, NULL);
  if (!status) status = RpcServerListen(1, 20, TRUE);
  if (status) return fprintf(stderr, "can't serve: %d\n", (int)status), 1;
  printf("listening\n");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}

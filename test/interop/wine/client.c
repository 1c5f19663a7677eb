/* shapes-client HOST PORT: calls every operation and prints what came back, a line each. */
#include "common.h"
#include <wine/exception.h>

static DWORD raised;

static LONG CALLBACK note_exception(EXCEPTION_POINTERS *from) {
  raised = from->ExceptionRecord->ExceptionCode;
  return EXCEPTION_EXECUTE_HANDLER;
}

/* RpcTryExcept catches nothing in programs that gcc compiles. */
#define CALL(name, ...)                                                    \
  do {                                                                     \
    raised = 0;                                                            \
    __TRY { __VA_ARGS__ }                                                  \
    __EXCEPT(note_exception) { printf("%s raised %#x\n", name, (unsigned)raised); } \
    __ENDTRY                                                               \
  } while (0)

static void say(const char *name, int holds) { printf("%s %s\n", name, holds ? "right" : "WRONG"); }

static void numbers(handle_t h) {
  CALL("add", say("add", add(h, 40, 2) == 42 && add(h, -5, 3) == -2););
  scalars given = {-8, 200, -1600, 4000000000u, -1234567890123LL, -2.25e300, 1.5f, high, blue}, taken;
  memset(&taken, 0, sizeof taken);
  CALL("scalars", {
    echo_scalars(h, &given, &taken);
    say("scalars", taken.tiny == -8 && taken.octet == 200 && taken.half == -1600 && taken.whole == 4000000000u &&
                       taken.twice == -1234567890123LL && taken.single == 1.5f && taken.precise == -2.25e300 &&
                       taken.shade == blue && taken.rank == high);
  });
  CALL("fault", { fail(h, 0xc0ffee01); });
  CALL("denied", { fail(h, 5); });
}

static void strings(handle_t h) {
  static const WCHAR wide[] = {'h', 0xe9, 'l', 0x4e2d, 'o', 0}, empty[] = {0};
  WCHAR *taken = NULL;
  CALL("wide", {
    LONG length = echo_wide(h, wide, &taken);
    say("wide", length == 5 && !memcmp(taken, wide, sizeof wide));
  });
  CALL("empty", {
    taken = NULL;
    LONG length = echo_wide(h, empty, &taken);
    say("empty", length == 0 && !taken[0]);
  });
  char *narrow = NULL;
  CALL("narrow", {
    LONG length = echo_narrow(h, "plain text", &narrow);
    say("narrow", length == 10 && !strcmp(narrow, "plain text"));
  });
  CALL("null", {
    narrow = NULL;
    LONG length = echo_narrow(h, NULL, &narrow);
    say("null", length == -1 && !narrow);
  });
  static WCHAR one[] = {'o', 'n', 'e', 0}, seven[] = {'s', 'e', 'v', 'e', 'n', 0};
  const label labels[] = {one, NULL, seven};
  CALL("letters", say("letters", letters(h, 3, labels) == 1008););
}

static void arrays(handle_t h) {
  static LONG items[20000];
  hyper sum = 0;
  for (int i = 0; i < 20000; i++) sum += items[i] = (i - 300) * 10003;
  CALL("total", say("total", total(h, 20000, items) == sum && total(h, 1, items) == items[0] && !total(h, 0, items)););
  short some[8] = {1, 2, 3, 4, 5};
  LONG used = 5;
  CALL("reverse", {
    LONG length = reverse(h, 8, &used, some);
    say("reverse", length == 6 && used == 6 && some[0] == 5 && some[4] == 1 && some[5] == 7);
  });
  run *given = MIDL_user_allocate(sizeof(run) + 5 * sizeof(short)), *taken = NULL;
  given->count = 5;
  for (int i = 0; i < 5; i++) given->items[i] = i * 11;
  CALL("run", {
    LONG count = echo_run(h, given, &taken);
    say("run", count == 5 && taken->count == 5 && !memcmp(taken->items, given->items, 10));
  });
  LONG count = 0;
  hyper *squared = NULL;
  CALL("squares", {
    squares(h, 100, &count, &squared);
    say("squares", count == 100 && squared[99] == 9801);
  });
  LONG matrix[2][3] = {{1, 2, 3}, {4, 5, 6}}, turned[3][2];
  CALL("transpose", {
    LONG first = transpose(h, matrix, turned);
    say("transpose", first == 1 && turned[0][1] == 4 && turned[2][0] == 3);
  });
}

static void structures(handle_t h) {
  WCHAR text[8] = {'t', 'e', 'x', 't'};
  counted given = {8, 16, text}, nothing = {0, 0, NULL}, taken;
  memset(&taken, 0, sizeof taken);
  CALL("counted", {
    LONG length = echo_counted(h, &given, &taken);
    say("counted", length == 8 && taken.length == 8 && taken.room == 16 && !memcmp(taken.text, text, 8));
  });
  memset(&taken, 0, sizeof taken);
  CALL("uncounted", say("uncounted", echo_counted(h, &nothing, &taken) == 0 && !taken.text););
  link links[5], *chain = NULL;
  for (int i = 0; i < 5; i++) links[i] = (link){i * 7, i < 4 ? links + i + 1 : NULL};
  CALL("chain", {
    LONG count = echo_chain(h, links, &chain);
    int holds = count == 5;
    for (int i = 0; holds && i < 5; i++, chain = chain->next) holds = chain && chain->value == i * 7;
    say("chain", holds && !chain);
  });
  CALL("no chain", {
    chain = NULL;
    say("no chain", echo_chain(h, NULL, &chain) == 0 && !chain);
  });
}

static void unions(handle_t h) {
  choice given, taken;
  memset(&given, 0, sizeof given);
  for (int kind = 1; kind <= 4; kind++) {
    given.kind = kind;
    if (kind == 1) given.it.number = -7;
    if (kind == 2) given.it.big = 1LL << 40;
    if (kind == 3) given.it.real = -0.5;
    memset(&taken, 0, sizeof taken);
    char name[] = "choice 0";
    name[7] += kind;
    CALL(name, {
      LONG got = echo_choice(h, &given, &taken);
      say(name, got == kind && taken.kind == kind && (kind == 4 || taken.it.big == given.it.big ||
                                                        (kind == 1 && taken.it.number == -7)));
    });
  }
  WCHAR text[] = {'t', 'a', 'g'};
  entry entries[4] = {{.kind = 1, .it.octet = 99},
                      {.kind = 2, .it.real = 3.25},
                      {.kind = 3, .it.name = {6, 6, text}},
                      {.kind = 77}};
  table list = {4, entries}, back;
  memset(&back, 0, sizeof back);
  CALL("table", {
    LONG count = echo_table(h, &list, &back);
    say("table", count == 4 && back.count == 4 && back.entries[0].it.octet == 99 && back.entries[1].it.real == 3.25 &&
                     !memcmp(back.entries[2].it.name.text, text, 6) && back.entries[3].kind == 77);
  });
}

static void handles(handle_t h) {
  counter first = NULL, second = NULL;
  LONG number = 0;
  CALL("handles", {
    open_counter(h, 10, &first);
    open_counter(h, 500, &second);
    next_number(first, &number);
    next_number(first, &number);
    say("first handle", number == 11);
    next_number(second, &number);
    say("second handle", number == 500);
    close_counter(&first);
    say("closed handle", first == NULL);
  });
  /* The second one stays open: the server has to run it down. */
}

int main(int argc, char **argv) {
  RPC_CSTR text;
  handle_t h;
  RPC_STATUS status = RpcStringBindingComposeA(NULL, (RPC_CSTR) "ncacn_ip_tcp", (RPC_CSTR)argv[1],
                                               (RPC_CSTR)argv[2], NULL, &text);
  if (!status) status = RpcBindingFromStringBindingA(text, &h);
  if (status) return fprintf(stderr, "no binding: %d\n", (int)status), 1;
  numbers(h);
  strings(h);
  arrays(h);
  structures(h);
  unions(h);
  handles(h);
  fflush(stdout);
  return 0;
}

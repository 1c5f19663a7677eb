/*
 * Calls EchoData of rpcecho at any DCE/RPC server over TCP, as fast as it answers, and counts.
 *
 *   load ADDRESS PORT CONNECTIONS IN_FLIGHT OCTETS each|together WARM_UP_MS MEASURED_MS
 *
 * One thread serves all connections. Each call is a write of its own, as from a client that makes them one by one, or
 * those that follow the answers of one read are written together, which costs this program much less. Every answer's
 * length is checked, and the octets of each connection's first. Prints JSON: calls a second and latencies in
 * microseconds, of the time measured, and the calls of the whole time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 0, RESPONSE = 2, BIND = 11, BIND_ACK = 12 };
enum { FIRST = 1, LAST = 2, CONCURRENT = 16 };
enum { ECHO_DATA = 1, HEAD = 24, BIND_LENGTH = 72 };

/* What most clients offer. */
enum { MAX_FRAGMENT = 5840 };

enum { IN_ROOM = 1 << 18 };

/* Calls in flight on a connection, at the most. */
enum { RING = 1024 };

/* Latencies are counted by the microsecond; the last slot has all that took longer. */
enum { SLOTS = 2000000 };

struct connection {
  int fd;
  int is_checked;         /* its first answer had the right octets */
  int waits_for_room;     /* the server is to read before more is written */
  uint32_t sent, answered;
  uint64_t began[RING];   /* when a call was sent, by its id modulo RING */
  uint8_t *in, *out;
  size_t in_length, out_start, out_end, out_room;
  uint32_t answer_length; /* octets of the answer under way */
};

static uint8_t *request;
static size_t request_length;
static uint32_t octets, in_flight;
static int writes_together;
static int poller;
static uint64_t calls, calls_measured, measure_from, measure_to;
static uint32_t latencies[SLOTS];

static void fail(const char *what) {
  fprintf(stderr, "load: %s (%s)\n", what, strerror(errno));
  exit(1);
}

static void *room_for(size_t length) {
  void *room = calloc(1, length);
  if (room == NULL) fail("no memory");
  return room;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value);
  put16(at + 2, value >> 16);
}

static uint32_t get16(const uint8_t *at) { return at[0] | (uint32_t)at[1] << 8; }
static uint32_t get32(const uint8_t *at) { return get16(at) | get16(at + 2) << 16; }

static void put_header(uint8_t *at, int type, int flags, size_t length, uint32_t call_id) {
  memset(at, 0, 16);
  at[0] = 5;
  at[2] = (uint8_t)type;
  at[3] = (uint8_t)flags;
  at[4] = 0x10;
  put16(at + 8, (uint32_t)length);
  put32(at + 12, call_id);
}

/* What the array has at an index. */
static uint8_t octet_at(uint32_t index) { return (uint8_t)(index * 31 + 7); }

/* The fragments of a request, still without its id. */
static void make_request(uint32_t max_fragment) {
  uint32_t length = 8 + octets, room = (max_fragment - HEAD) & ~7u;
  uint8_t *stub = room_for(length);
  request = room_for(length + (length / room + 1) * HEAD);
  put32(stub, octets);
  put32(stub + 4, octets);
  for (uint32_t i = 0; i < octets; i++) stub[8 + i] = octet_at(i);
  for (uint32_t from = 0; from < length; from += room) {
    uint32_t count = length - from < room ? length - from : room;
    uint8_t *at = request + request_length;
    put_header(at, REQUEST, (from == 0 ? FIRST : 0) | (from + count == length ? LAST : 0), HEAD + count, 0);
    put32(at + 16, length - from);
    put16(at + 22, ECHO_DATA);
    memcpy(at + HEAD, stub + from, count);
    request_length += HEAD + count;
  }
  free(stub);
}

/* ---- connections ------------------------------------------------------------------------------------------ */

static void read_all(int fd, uint8_t *to, size_t length) {
  while (length > 0) {
    ssize_t got = read(fd, to, length);
    if (got <= 0) fail("the connection ended in its bind");
    to += got;
    length -= (size_t)got;
  }
}

/* Binds to rpcecho in NDR 2.0 and gives the size of fragments that the server takes. */
static uint32_t bind_context(int fd) {
  static const uint8_t context[48] = {
    1, 0, 0, 0, 0, 0, 1, 0,
    /* 60a15ec5-4de8-11d7-a637-005056a20182 1.0 */
    0xc5, 0x5e, 0xa1, 0x60, 0xe8, 0x4d, 0xd7, 0x11, 0xa6, 0x37, 0x00, 0x50, 0x56, 0xa2, 0x01, 0x82, 1, 0, 0, 0,
    /* 8a885d04-1ceb-11c9-9fe8-08002b104860 2.0 */
    0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 2, 0, 0, 0,
  };
  uint8_t pdu[BIND_LENGTH], answer[1024];
  put_header(pdu, BIND, FIRST | LAST | CONCURRENT, sizeof pdu, 1);
  put16(pdu + 16, MAX_FRAGMENT);
  put16(pdu + 18, MAX_FRAGMENT);
  put32(pdu + 20, 0);
  memcpy(pdu + 24, context, sizeof context);
  if (write(fd, pdu, sizeof pdu) != sizeof pdu) fail("no bind could be sent");
  read_all(fd, answer, 16);
  size_t length = get16(answer + 8);
  if (length < 28 || length > sizeof answer) fail("no answer to the bind");
  read_all(fd, answer + 16, length - 16);
  if (answer[2] != BIND_ACK) fail("the bind was refused");
  return get16(answer + 18);
}

static void open_connection(struct connection *c, const struct sockaddr_in *server) {
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (const void *)server, sizeof *server) != 0) fail("no connection");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  uint32_t max_fragment = bind_context(c->fd);
  if (request == NULL) make_request(max_fragment < MAX_FRAGMENT ? max_fragment : MAX_FRAGMENT);
  c->out_room = request_length > IN_ROOM ? request_length : IN_ROOM;
  c->in = room_for(IN_ROOM);
  c->out = room_for(c->out_room);
}

static void watch(struct connection *c, int operation, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(poller, operation, c->fd, &event) != 0) fail("epoll");
}

/* Puts a call behind those that wait to be written. */
static void add_call(struct connection *c, uint64_t time) {
  uint8_t *at = c->out + c->out_end;
  memcpy(at, request, request_length);
  c->sent++;
  /* Ids follow that of the bind. */
  for (size_t from = 0; from < request_length; from += get16(at + from + 8)) put32(at + from + 12, c->sent + 1);
  c->began[c->sent % RING] = time;
  c->out_end += request_length;
}

/* Sends calls until all are in flight, as far as there is room. */
static void send_calls(struct connection *c, uint64_t time) {
  for (;;) {
    if (c->out_start == c->out_end) {
      c->out_start = c->out_end = 0;
      while (c->sent - c->answered < in_flight && c->out_end + request_length <= c->out_room) {
        add_call(c, time);
        if (!writes_together) break;
      }
    }
    if (c->out_start == c->out_end) break;
    ssize_t written = send(c->fd, c->out + c->out_start, c->out_end - c->out_start, MSG_DONTWAIT);
    if (written < 0 && errno == EAGAIN) break;
    if (written < 0) fail("a request could not be sent");
    c->out_start += (size_t)written;
  }
  int waits = c->out_start < c->out_end;
  if (waits != c->waits_for_room) watch(c, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
  c->waits_for_room = waits;
}

static void take_pdu(struct connection *c, const uint8_t *pdu, size_t length, uint64_t time) {
  if (pdu[2] != RESPONSE || length < HEAD) fail("an answer is no response");
  uint32_t count = (uint32_t)length - HEAD;
  if (!c->is_checked) {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t at = c->answer_length + i;
      uint8_t expected = at < 4 ? (uint8_t)(octets >> 8 * at) : octet_at(at - 4);
      if (pdu[HEAD + i] != expected) fail("an answer has other octets");
    }
  }
  c->answer_length += count;
  if (!(pdu[3] & LAST)) return;
  if (c->answer_length != 4 + octets) fail("an answer has another length");
  c->is_checked = 1;
  c->answer_length = 0;
  c->answered++;
  calls++;
  if (time < measure_from || time >= measure_to) return;
  calls_measured++;
  uint64_t took = (time - c->began[(get32(pdu + 12) - 1) % RING]) / 1000;
  latencies[took < SLOTS ? took : SLOTS - 1]++;
}

static void receive(struct connection *c) {
  ssize_t got = recv(c->fd, c->in + c->in_length, IN_ROOM - c->in_length, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fail("the server ended a connection");
  c->in_length += (size_t)got;
  uint64_t time = now();
  size_t from = 0;
  while (c->in_length - from >= 16) {
    size_t length = get16(c->in + from + 8);
    if (length < 16) fail("an answer is no PDU");
    if (c->in_length - from < length) break;
    take_pdu(c, c->in + from, length, time);
    from += length;
  }
  c->in_length -= from;
  if (from > 0) memmove(c->in, c->in + from, c->in_length);
  send_calls(c, time);
}

/* The latency that this share of the calls did not exceed. */
static uint32_t percentile(double share) {
  uint64_t sum = 0;
  for (uint32_t slot = 0; slot < SLOTS; slot++) {
    sum += latencies[slot];
    if ((double)sum >= share * (double)calls_measured) return slot;
  }
  return SLOTS;
}

int main(int count, char **arguments) {
  if (count != 9) {
    fprintf(stderr, "load ADDRESS PORT CONNECTIONS IN_FLIGHT OCTETS each|together WARM_UP_MS MEASURED_MS\n");
    return 2;
  }
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2]))};
  if (inet_pton(AF_INET, arguments[1], &server.sin_addr) != 1) fail("no address");
  int connections = atoi(arguments[3]);
  in_flight = (uint32_t)atoi(arguments[4]);
  if (in_flight > RING) fail("too many calls in flight");
  octets = (uint32_t)atoi(arguments[5]);
  writes_together = strcmp(arguments[6], "together") == 0;
  poller = epoll_create1(0);
  struct connection *all = room_for((size_t)connections * sizeof *all);
  for (int i = 0; i < connections; i++) {
    open_connection(&all[i], &server);
    watch(&all[i], EPOLL_CTL_ADD, EPOLLIN);
  }
  uint64_t start = now();
  measure_from = start + (uint64_t)atoi(arguments[7]) * 1000000u;
  measure_to = measure_from + (uint64_t)atoi(arguments[8]) * 1000000u;
  for (int i = 0; i < connections; i++) send_calls(&all[i], start);
  struct epoll_event events[64];
  while (now() < measure_to) {
    int ready = epoll_wait(poller, events, 64, 5000);
    if (ready <= 0) fail("no answer in 5 seconds");
    for (int i = 0; i < ready; i++) {
      if (events[i].events & ~(uint32_t)EPOLLOUT) receive(events[i].data.ptr);
      else send_calls(events[i].data.ptr, now());
    }
  }
  double seconds = (double)(measure_to - measure_from) / 1e9;
  printf("{\"rate\":%.1f,\"p50\":%u,\"p99\":%u,\"calls\":%llu}\n", (double)calls_measured / seconds, percentile(0.5),
         percentile(0.99), (unsigned long long)calls);
  return 0;
}

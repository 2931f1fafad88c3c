// A long line between two interfaces: every frame that comes in at one goes out at the other, at a rate and after a delay, and none is lost until too many wait.
// For machines whose kernel delays nothing by itself.
//   link INTERFACE INTERFACE MBIT_PER_S DELAY_US      runs until it is ended; the delay is that of one way, a rate of 0 is none
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FRAME = 9216, WAITING = 4096, AT_ONCE = 32 };

struct frame { int64_t due; int length; unsigned char bytes[FRAME]; };
struct way { int from, to; int64_t free_at; unsigned first, count; struct frame *frames; };

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int open_interface(const char *name) {
  int one = 1, buffer = 16 << 20, index = if_nametoindex(name), all = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index};
  struct packet_mreq every = {.mr_ifindex = index, .mr_type = PACKET_MR_PROMISC};
  if (index == 0 || all < 0 || bind(all, (struct sockaddr *)&at, sizeof at) != 0 ||
      setsockopt(all, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) != 0 ||
      setsockopt(all, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &every, sizeof every) != 0) {
    fprintf(stderr, "link: interface %s: %s\n", name, strerror(errno));
    exit(1);
  }
  setsockopt(all, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  setsockopt(all, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
  return all;
}

// A frame is whole at the other end when all frames before it and its own bits have passed, and the delay is over.
static void take(struct way *way, double ns_per_byte, int64_t delay) {
  for (int i = 0; i < AT_ONCE && way->count < WAITING; i++) {
    struct frame *last = &way->frames[(way->first + way->count) % WAITING];
    last->length = recv(way->from, last->bytes, FRAME, MSG_DONTWAIT);
    if (last->length <= 0) return;
    int64_t at = now();
    way->free_at = (way->free_at > at ? way->free_at : at) + (int64_t)(last->length * ns_per_byte);
    last->due = way->free_at + delay;
    way->count++;
  }
}

static void give(struct way *way) {
  while (way->count > 0 && way->frames[way->first].due <= now()) {
    struct frame *first = &way->frames[way->first];
    send(way->to, first->bytes, first->length, 0);
    way->first = (way->first + 1) % WAITING;
    way->count--;
  }
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "usage: link INTERFACE INTERFACE MBIT_PER_S DELAY_US\n");
    return 2;
  }
  double rate = atof(words[3]), ns_per_byte = rate > 0 ? 8000 / rate : 0;
  int64_t delay = atoll(words[4]) * 1000;
  int one = open_interface(words[1]), other = open_interface(words[2]);
  struct way ways[2] = {{.from = one, .to = other}, {.from = other, .to = one}};
  for (int i = 0; i < 2; i++) ways[i].frames = calloc(WAITING, sizeof(struct frame));
  for (;;) {
    int64_t wake = now() + 1000000000LL;
    struct pollfd polls[2];
    for (int i = 0; i < 2; i++) {
      give(&ways[i]);
      if (ways[i].count > 0 && ways[i].frames[ways[i].first].due < wake) wake = ways[i].frames[ways[i].first].due;
      // A line that is full takes no more: what waits in the socket is dropped there, as at a router.
      polls[i] = (struct pollfd){.fd = ways[i].count < WAITING ? ways[i].from : -1, .events = POLLIN};
    }
    int64_t left = wake - now();
    struct timespec wait = {.tv_sec = left > 0 ? left / 1000000000LL : 0, .tv_nsec = left > 0 ? left % 1000000000LL : 0};
    if (ppoll(polls, 2, &wait, NULL) < 0 && errno != EINTR) return 1;
    for (int i = 0; i < 2; i++) if (polls[i].revents & POLLIN) take(&ways[i], ns_per_byte, delay);
  }
}

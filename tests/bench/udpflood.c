// udpflood INTERFACE FRAMES [RATE]: sends 64-byte UDP frames by a raw packet socket, 64 a call, from 20 sources in turn; RATE frames a
// second (0: as fast as it goes). Prints frames sent, seconds, and nanoseconds
// of CPU: what the kernel does with a frame on a veth, up to its observers, it does in the sender's time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LENGTH = 64, SOURCES = 20 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fill(unsigned char *f, int source) {
  static const unsigned char header[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, LENGTH - 14, 0, 1, 0, 0, 64, 17, 0, 0,
                                         10, 9, 0, 1, 10, 9, 1, 1, 0x30, 0x39, 0, 9, 0, LENGTH - 34, 0, 0};
  memset(f, 0, LENGTH);
  memcpy(f, header, sizeof header);
  f[29] = 1 + source;
  unsigned sum = 0;
  for (int i = 14; i < 34; i += 2) sum += f[i] << 8 | f[i + 1];
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~((sum & 0xffff) + (sum >> 16));
  f[24] = sum >> 8;
  f[25] = sum;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: udpflood INTERFACE FRAMES [RATE]\n"), 2;
  long frames = atol(argv[2]), sent = 0;
  double rate = argc > 3 ? atof(argv[3]) : 0;
  int s = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1])};
  if (s < 0 || bind(s, (struct sockaddr *)&to, sizeof to) < 0) return perror(argv[1]), 1;
  int past = 1;  // Straight to the device, without a queue: as pktgen does.
  setsockopt(s, SOL_PACKET, 20, &past, sizeof past);
  static unsigned char frame[SOURCES][LENGTH];
  for (int i = 0; i < SOURCES; i++) fill(frame[i], i);
  struct iovec parts[BATCH];
  struct mmsghdr batch[BATCH];
  memset(batch, 0, sizeof batch);
  double start = now();
  while (sent < frames) {
    int n = frames - sent < BATCH ? frames - sent : BATCH;
    for (int i = 0; i < n; i++) {
      parts[i] = (struct iovec){frame[(sent + i) % SOURCES], LENGTH};
      batch[i].msg_hdr.msg_iov = &parts[i];
      batch[i].msg_hdr.msg_iovlen = 1;
    }
    int done = sendmmsg(s, batch, n, 0);
    if (done > 0) sent += done;
    while (rate > 0 && (now() - start) * rate < sent) {
      double left = sent / rate - (now() - start);
      struct timespec nap = {0, left > 0.0005 ? 200000 : 0};
      if (nap.tv_nsec) nanosleep(&nap, NULL);
    }
  }
  double seconds = now() - start;
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("%ld %.3f %ld\n", sent, seconds,
         (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000L + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000L);
  return 0;
}

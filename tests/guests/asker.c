/* The first and only program of a Linux guest that keeps in touch with another VM: every 10 ms it sends a ping and 8 bytes over one TCP connection to
   port 7, and tells on its console what came back. A kernel's own TCP, for what a connection bears is decided by how that sends again.

   Kernel command line: self=A.B.C.D (its own address, a network of 255.255.255.0), ask=A.B.C.D (whom it asks).

   Console, a line each:
     AS SETTLED LOST ECHOED LONGEST   four times a second: pings sent at least 3 s ago, how many of these have no answer, bytes that came back, and the longest
                                      time in microseconds without any, among those that ended since the line before
     BROKEN WHY                       the connection is gone, or what came back is not what was sent: it makes no other

   Static, the /init of a first file system; build-asker.sh makes it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD_NS = 10 * 1000 * 1000, SETTLED_AFTER = 300, LINE_EVERY = 25, MOST_PINGS = 1 << 22 };

static unsigned char answered[MOST_PINGS];
static uint32_t asked, lost;
static uint64_t sent_bytes, echoed_bytes;
static int64_t last_echo, longest;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void end(const char *why) {
  printf("BROKEN %s\n", why);
  for (;;) pause();
}

static void load_modules(void) {
  char name[256], path[300];
  FILE *order = fopen("/modules/order", "r");
  while (order && fscanf(order, "%255s", name) == 1) {
    snprintf(path, sizeof path, "/modules/%s", name);
    int file = open(path, O_RDONLY);
    if (file < 0 || (syscall(SYS_finit_module, file, "", 0) && errno != EEXIST)) end(name);
    close(file);
  }
}

static void address(const char *own) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq r = {.ifr_name = "eth0"};
  while (ioctl(s, SIOCGIFFLAGS, &r)) usleep(10000);
  struct sockaddr_in *a = (struct sockaddr_in *)&r.ifr_addr;
  a->sin_family = AF_INET;
  inet_aton(own, &a->sin_addr);
  if (ioctl(s, SIOCSIFADDR, &r)) end("no address");
  inet_aton("255.255.255.0", &a->sin_addr);
  if (ioctl(s, SIOCSIFNETMASK, &r) || ioctl(s, SIOCGIFFLAGS, &r)) end("no mask");
  r.ifr_flags |= IFF_UP | IFF_RUNNING;
  if (ioctl(s, SIOCSIFFLAGS, &r)) end("not up");
  close(s);
}

static int connected(struct sockaddr_in to) {
  to.sin_port = htons(7);
  for (;;) {
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!connect(s, (struct sockaddr *)&to, sizeof to)) {
      fcntl(s, F_SETFL, O_NONBLOCK);
      return s;
    }
    close(s);
    usleep(200000);
  }
}

static unsigned checksum(const unsigned char *p, int length) {
  unsigned sum = 0;
  for (int i = 0; i < length; i += 2) sum += p[i] | p[i + 1] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

static void ping(int s) {
  struct { struct icmphdr head; uint32_t number; } packet = {.head.type = ICMP_ECHO, .number = asked};
  packet.head.un.echo.id = 77;
  packet.head.checksum = checksum((unsigned char *)&packet, sizeof packet);
  send(s, &packet, sizeof packet, MSG_DONTWAIT);
  asked++;
  if (asked > SETTLED_AFTER && !answered[asked - SETTLED_AFTER - 1]) lost++;
  if (asked == MOST_PINGS) end("it has asked too often");
}

static void hear_pings(int s) {
  unsigned char packet[128];
  uint32_t number;
  for (ssize_t length; (length = recv(s, packet, sizeof packet, MSG_DONTWAIT)) > 0;) {
    int head = (packet[0] & 15) * 4;
    if (length < head + 12 || packet[head] != ICMP_ECHOREPLY || packet[head + 4] != 77) continue;
    memcpy(&number, packet + head + 8, 4);
    if (number >= asked || answered[number]) continue;
    answered[number] = 1;
    if (number + SETTLED_AFTER < asked) lost--;
  }
}

static unsigned char at(uint64_t place) { return (place * 31 + (place >> 8)) & 0xff; }

static void talk(int s) {
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = at(sent_bytes + i);
  ssize_t went = send(s, bytes, 8, MSG_NOSIGNAL);
  if (went < 0 && errno != EAGAIN) end(strerror(errno));
  if (went > 0) sent_bytes += went;
}

static void hear_echo(int s) {
  unsigned char bytes[2048];
  ssize_t came;
  while ((came = recv(s, bytes, sizeof bytes, 0)) > 0) {
    for (int i = 0; i < came; i++)
      if (bytes[i] != at(echoed_bytes++)) end("another byte came back");
    int64_t moment = now();
    if (last_echo && moment - last_echo > longest) longest = moment - last_echo;
    last_echo = moment;
  }
  if (came == 0) end("the other end has closed");
  if (errno != EAGAIN) end(strerror(errno));
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  load_modules();
  const char *own = getenv("self"), *other = getenv("ask");
  if (!own || !other) end("self= and ask= are missing");
  address(own);
  struct sockaddr_in to = {.sin_family = AF_INET};
  inet_aton(other, &to.sin_addr);
  int tcp = connected(to), icmp = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (connect(icmp, (struct sockaddr *)&to, sizeof to)) end("no way");
  int64_t next = now();
  for (uint32_t tick = 1;; tick++) {
    ping(icmp);
    talk(tcp);
    for (next += PERIOD_NS; now() < next;) {
      struct pollfd ends[2] = {{.fd = tcp, .events = POLLIN}, {.fd = icmp, .events = POLLIN}};
      int64_t left = next - now();
      struct timespec wait = {0, left > 0 ? left : 0};
      ppoll(ends, 2, &wait, NULL);
      if (ends[0].revents) hear_echo(tcp);
      if (ends[1].revents) hear_pings(icmp);
    }
    if (tick % LINE_EVERY == 0) {
      printf("AS %u %u %llu %lld\n", asked > SETTLED_AFTER ? asked - SETTLED_AFTER : 0, lost, (unsigned long long)echoed_bytes, (long long)longest / 1000);
      longest = 0;
    }
  }
}
